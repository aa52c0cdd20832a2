import { ed25519 } from '@noble/curves/ed25519.js'
import type { SigningOpener } from './port.js'

/** Signs in JavaScript: the browser's own signing is asynchronous, and few browsers had it for long. */
export const openSigning: SigningOpener = secretKey => message => ed25519.sign(message, secretKey)
