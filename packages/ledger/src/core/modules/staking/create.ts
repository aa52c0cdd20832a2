import { formatAmount, StakingCreate } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { keyProofBytes } from '../../crypto/key-proof.js'
import { isSoundKey } from '../../crypto/zip215.js'
import { bytesOf, type Id, idOf } from '../../hex.js'
import type { ActionContext, BlockContext } from '../../machine/context.js'
import { type Awaiting, action } from '../../machine/module.js'
import type { SignatureCheck } from '../../machine/transaction.js'
import { epochOf } from '../time/time.js'
import { enterCandidates } from './candidates.js'
import { type Coins, coinsToBond, joinValidator } from './join.js'
import { validators } from './validator.js'

/** What consensus keys sign to belong to an account. */
export const VALIDATOR_DOMAIN = 'neurovoyance/validator/1'

/** Makes a validator: `staking/create`. Its key shows that it agrees. */
export const create = action(StakingCreate, 4_000, createValidator, proofOf)

function createValidator(context: ActionContext, payload: StakingCreate): void {
  const { sender, verify } = context
  const { consensusKey, commission, liquid, earned } = payload
  const { publicKey, message, signature } = proofOf(context, payload)
  if (!verify(publicKey, message, signature)) {
    throw ledgerError('LEDGER_BAD_SIGNATURE', 'the consensus key has not signed for this account and nonce')
  }
  foundValidator(context, { owner: sender, consensusKey, commission, coins: { liquid, earned } })
}

function proofOf(
  { chainId, sender, nonce }: Awaiting,
  { consensusKey, proof }: StakingCreate,
): SignatureCheck {
  const message = keyProofBytes({ domain: VALIDATOR_DOMAIN, chainId, owner: sender, nonce })
  return { publicKey: consensusKey, message, signature: proof }
}

/** What a validator begins with. */
export interface NewValidator {
  readonly owner: Id
  readonly consensusKey: Uint8Array
  readonly commission: number
  /** Taken from the owner's account. */
  readonly coins: Coins
}

/**
 * Makes a validator and bonds its owner's coins to it.
 *
 * @throws LedgerError `LEDGER_BAD_KEYS`, `LEDGER_CONFLICT`, `LEDGER_TOO_LARGE`, `LEDGER_TOO_SMALL`,
 *   `LEDGER_INSUFFICIENT_FUNDS`
 */
export function foundValidator(context: BlockContext, init: NewValidator): void {
  const { draft, parameters } = context
  const { owner, consensusKey, commission, coins } = init
  const key = idOf(consensusKey)
  if (!isSoundKey(consensusKey)) {
    throw ledgerError(
      'LEDGER_BAD_KEYS',
      `${key} is not an Ed25519 key in its one encoding, or of small order`,
    )
  }
  if (validators.get(draft, key) !== undefined) {
    throw ledgerError('LEDGER_CONFLICT', `there is, or was, a validator ${key}`, { key })
  }
  checkCommission(commission, parameters.of('staking/mostCommission'))
  const least = parameters.of('staking/leastSelfBond')
  if (coins.liquid + coins.earned < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `an owner bonds ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  const purse = coinsToBond(context, owner, coins)
  validators.set(draft, key, {
    owner: bytesOf(owner),
    commission,
    commissionEpoch: epochOf(context),
    seasoned: 0n,
    seasonedUntil: 0,
    joined: [],
    bonds: 0,
    rewardIndex: 0n,
    rewards: 0n,
    carry: 0n,
    tombstoned: false,
    slashes: [],
  })
  joinValidator(context, owner, key, [{ purse, past: [] }])
  enterCandidates(draft, key)
  context.emit({
    kind: 'staking/created',
    accounts: [owner],
    fields: { validator: key, amount: coins.liquid + coins.earned, commission },
  })
}

/** @throws LedgerError `LEDGER_TOO_LARGE` */
export function checkCommission(commission: number, most: bigint): void {
  if (BigInt(commission) <= most) return
  throw ledgerError('LEDGER_TOO_LARGE', `a commission is ${Number(most) / 10_000}% at most`, {
    most: String(most),
  })
}
