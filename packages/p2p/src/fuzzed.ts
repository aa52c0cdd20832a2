/** The readers of hostile bytes, for the fuzzer of this workspace: built, and left out of the package that is published. */
export { readNode } from './artifacts/unixfs/read.js'
export { readListedPeer, readPeerCount } from './discovery/peer-exchange-message.js'
export { decodeBindingRequest } from './nat/stun-message.js'
export { FrameReader, type ReceivedFrame } from './rpc/frame-reader.js'
export { readMembershipFrame } from './swarm/membership-call.js'
