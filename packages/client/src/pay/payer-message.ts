import { bytesOf, signingPrefix } from '@neurovoyance/ledger'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** What only the payer of a channel is told, or has done. */
export type PayersWish = 'statement' | 'close'

/**
 * The bytes that a payer signs with the channel's key when it asks a node about its channel, or for its end.
 *
 * @param node peer id of the node that is asked: no other one can say them again in the payer's name
 */
export const payerMessage = (
  wish: PayersWish,
  { chainId, channel, node }: { readonly chainId: string; readonly channel: string; readonly node: string },
): Uint8Array =>
  concatBytes(signingPrefix(`neurovoyance/${wish}/1`, chainId), bytesOf(channel), utf8ToBytes(node))
