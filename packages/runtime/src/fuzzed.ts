/** The readers of hostile bytes, for the fuzzer of this workspace: built, and no part of the package's face. */
export { encodeMessage, framesOf, layOutFrames } from './channel/framing.js'
export { createMessageReader } from './channel/message-reader.js'
