import type { Hasher } from '../core/tree/index.js'
import { nativeSha256Into } from '../crypto/native-sha256.js'

/** SHA-256 of Node's own for the state's tree. */
export const nativeHasher: Hasher = { bytes: nativeSha256Into, text: nativeSha256Into }
