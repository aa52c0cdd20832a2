import { KeySet } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { domain } from '../../crypto/domains.js'
import { sha256 } from '../../crypto/sha256.js'
import { isSoundKey } from '../../crypto/zip215.js'
import { type Id, idOf } from '../../hex.js'

const DOMAIN = domain('neurovoyance/account/1')
const MOST_WEIGHT = 0xffff

/** The address of an account that begins with these keys, 32 bytes. */
export const addressOf = (keys: KeySet): Uint8Array => sha256(DOMAIN, KeySet.encode(keys))

/** One key that speaks for its account alone. */
export const soleKey = (publicKey: Uint8Array): KeySet => ({ threshold: 1, keys: [{ publicKey, weight: 1 }] })

const NOBODY: ReadonlySet<Id> = new Set()

/**
 * Checks keys before an account has them.
 *
 * @param signers keys that have signed the transaction that shows them
 * @throws LedgerError `LEDGER_BAD_KEYS`
 */
export function checkKeys(set: KeySet, signers: ReadonlySet<Id> = NOBODY): void {
  const bad = (problem: string) =>
    ledgerError('LEDGER_BAD_KEYS', `an account cannot have these keys: ${problem}`)
  if (set.keys.length === 0) throw bad('there are none')
  let weight = 0
  let before = ''
  for (const key of set.keys) {
    const id = idOf(key.publicKey)
    if (id <= before) throw bad('they are not sorted, or one is there twice')
    before = id
    if (key.weight < 1 || key.weight > MOST_WEIGHT) throw bad(`weights go from 1 to ${MOST_WEIGHT}`)
    if (!isSoundKey(key.publicKey, signers.has(id)))
      throw bad(`${id} is not an Ed25519 key in its one encoding, or of small order`)
    weight += key.weight
  }
  if (set.threshold < 1 || set.threshold > weight) throw bad(`the threshold goes from 1 to ${weight}`)
}

/** Whether signatures of `signers` speak for an account with these keys. */
export function speaksFor(set: KeySet, signers: ReadonlySet<Id>): boolean {
  let weight = 0
  for (const key of set.keys) if (signers.has(idOf(key.publicKey))) weight += key.weight
  return weight >= set.threshold
}
