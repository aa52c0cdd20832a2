import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { LIMITS } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'

/** Most peers in one answer. */
export const MAX_PEERS = 64

/**
 * Reads the first frame of an answer: how many peers are listed.
 *
 * @throws P2pError `P2P_MALFORMED`
 */
export function readPeerCount(frame: Uint8Array): number {
  const [count = 0] = frame
  if (count > MAX_PEERS) throw malformed(`${count} peers`)
  return count
}

/**
 * Reads the frame that names a listed peer.
 *
 * @throws P2pError `P2P_MALFORMED`
 */
export function readListedPeer(frame: Uint8Array): PeerId {
  if (frame.byteLength > LIMITS.idBytes) throw malformed('a peer id that is too long')
  try {
    return peerIdFromString(new TextDecoder().decode(frame))
  } catch (cause) {
    throw malformed('a peer id that is none', cause)
  }
}

function malformed(what: string, cause?: unknown): P2pError {
  return new P2pError('P2P_MALFORMED', `a peer answered peer exchange with ${what}`, { cause })
}
