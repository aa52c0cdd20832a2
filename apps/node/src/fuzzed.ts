/** The readers of hostile bytes, for the fuzzer of this workspace: built, and no part of the package's face. */
export { decodeNpy, encodeNpy } from './files/npy.js'
export { decodeWav } from './files/wav.js'
export { decodeRequest } from './gateway/oip.js'
export { decodeListing } from './models/hub/listing.js'
