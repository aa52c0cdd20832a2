import { bytesOf, signingPrefix } from '@neurovoyance/ledger'
import { concatBytes } from '@noble/hashes/utils.js'

/** What only the payer of a channel is told, or has done. */
export type PayersWish = 'statement' | 'close'

/** The bytes that a payer signs with the channel's key when it asks a node about its channel, or for its end. */
export const payerMessage = (wish: PayersWish, chainId: string, channel: string): Uint8Array =>
  concatBytes(signingPrefix(`neurovoyance/${wish}/1`, chainId), bytesOf(channel))
