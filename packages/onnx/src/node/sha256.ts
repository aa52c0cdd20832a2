import { createHash } from 'node:crypto'
import type { Sha256 } from '../identity/sha256.js'

/** Starts a SHA-256 of the platform's own library. */
export const sha256 = (): Sha256 => createHash('sha256')
