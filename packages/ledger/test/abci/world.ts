import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type { Action } from '@neurovoyance/protocol'
import { bytesOf, type Genesis, type Id, soleKey } from '../../src/index.js'
import { buildTransaction } from '../../src/transaction-builder.js'
import { type Person, person } from '../machine/chain.js'

export const CHAIN = 'comet-1'
export const GENESIS_MS = Date.UTC(2026, 0, 1)
export const NVY = 1_000_000_000n

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const keys = new Map<Id, KeyObject>()

/** Somebody's key as Node has it. */
function keyOf({ id, secret }: Person): KeyObject {
  const known = keys.get(id)
  if (known !== undefined) return known
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  keys.set(id, key)
  return key
}

/** People with coins, who are no validators. */
export const people = (count: number): Person[] =>
  Array.from({ length: count }, (_, index) => person(100 + index))

/** Owners of the validators. */
export const owner = (index: number): Person => person(50 + index)

/** A ledger with validators of these keys, and people with 1,000 NVY each. */
export function genesisWith(
  validators: readonly Uint8Array[],
  holders: readonly Person[],
  timeMs = GENESIS_MS,
  parameters: Genesis['parameters'] = {},
): Genesis {
  return {
    chainId: CHAIN,
    timeMs,
    parameters,
    modules: {
      accounts: [...holders, ...validators.map((_, index) => owner(index))].map(({ address }) => ({
        address,
        liquid: String(1_000_000n * NVY),
      })),
      staking: validators.map((publicKey, index) => ({
        consensusKey: Buffer.from(publicKey).toString('hex'),
        owner: owner(index).address,
        liquid: String(100_000n * NVY),
      })),
    },
  }
}

/** A signed transaction of somebody. */
export async function transactionOf(
  from: Person,
  nonce: number,
  actions: readonly Action[],
  init: { validUntil?: number; tip?: bigint; maxFee?: bigint; chainId?: string } = {},
): Promise<Uint8Array> {
  const { bytes } = await buildTransaction({
    chainId: CHAIN,
    sender: bytesOf(from.id),
    keys: soleKey(from.publicKey),
    nonce,
    validUntil: 10_000,
    maxFee: NVY,
    actions,
    signers: [
      { publicKey: from.publicKey, sign: message => new Uint8Array(sign(null, message, keyOf(from))) },
    ],
    ...init,
  })
  return bytes
}
