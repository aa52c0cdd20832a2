import { hexToBytes } from '@noble/hashes/utils.js'
import { P2pError } from '../errors.js'

const HEADER = '/key/swarm/psk/1.0.0/\n/base16/\n'

/**
 * Reads a swarm's pre-shared key, 32 bytes.
 *
 * @param key - 64 hexadecimal digits, or the text of a libp2p key file
 * @throws P2pError `P2P_SWARM_KEY_MALFORMED`
 */
export function readSwarmKey(key: string): Uint8Array {
  const text = key.trim().replaceAll('\r\n', '\n')
  const digits = text.startsWith(HEADER) ? text.slice(HEADER.length) : text
  if (!/^[0-9a-f]{64}$/i.test(digits)) {
    throw new P2pError(
      'P2P_SWARM_KEY_MALFORMED',
      'a swarm key is 64 hexadecimal digits (32 random bytes), alone or under the two lines of a libp2p swarm.key file',
    )
  }
  return hexToBytes(digits)
}
