export { IDENTITY_FILE, loadIdentity, rotateIdentity } from './identity.js'
export type { ListenInit, PeerHostInit } from './init.js'
export { createBootstrapHost, createPeerHost } from './peer-host.js'
