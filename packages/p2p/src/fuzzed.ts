/** The readers of hostile bytes, for the fuzzer of this workspace: built, and no part of the package's face. */
export { readNode } from './artifacts/unixfs/read.js'
export { FrameReader, type ReceivedFrame } from './rpc/frame-reader.js'
