import { addressOf, type Id, idOf, soleKey } from '@neurovoyance/ledger'
import { formatAddress } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'

/** An account with one key. */
export interface Actor {
  readonly key: Uint8Array
  readonly id: Id
  readonly address: string
}

function actor(seed: number): Actor {
  const key = ed25519.getPublicKey(new Uint8Array(32).fill(seed))
  const hash = addressOf(soleKey(key))
  return { key, id: idOf(hash), address: formatAddress(hash) }
}

/** The washer's accounts: any of them is client, worker, staker or guest, as it suits him. */
export const own: readonly Actor[] = [1, 2, 3, 4, 5].map(actor)

/** Whoever else there is. */
export const others = { client: actor(11), worker: actor(12), sponsor: actor(13), staker: actor(14) } as const
