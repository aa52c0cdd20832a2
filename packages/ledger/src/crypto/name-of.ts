import { hash } from 'node:crypto'

/** What bytes are known by, to compare them: SHA-256. */
export const nameOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'binary')
