import { formatAmount, type KeySet } from '@neurovoyance/protocol'
import { type Id, idOf } from '../../core/hex.js'
import { weightOf } from '../../core/machine/apply.js'
import type { BlockContext } from '../../core/machine/context.js'
import type { Machine } from '../../core/machine/machine.js'
import type { OpenTransaction } from '../../core/machine/transaction.js'
import { checkTerm } from '../../core/mempool/door.js'
import { accountOf } from '../../core/modules/accounts/account.js'
import { addressOf, speaksFor } from '../../core/modules/accounts/keys.js'
import { totalOf } from '../../core/modules/accounts/purse.js'
import { baseFeeOf } from '../../core/modules/fees/fee-market.js'
import { ledgerError } from '../../errors.js'

/** The state after the head, and the rules of the next block. */
export interface NextBlock extends Pick<BlockContext, 'draft' | 'parameters' | 'timeMs' | 'height'> {
  readonly rules: Machine
}

/** What was found of a transaction that may wait. */
export interface MayWait {
  /** With its actions. */
  readonly weight: number
  /** The next nonce of its sender. */
  readonly nonce: number
}

/**
 * Checks what can be told of a transaction before its turn: that its actions are known, its time is not over or far, its
 * signers speak for who asks and who pays, and the fee is offered and there.
 *
 * @param shownKeys keys of an account that another of its waiting transactions shows
 * @throws LedgerError `LEDGER_UNKNOWN_ACTION`, `LEDGER_EXPIRED`, `LEDGER_TOO_LATE`, `LEDGER_WRONG_NONCE`,
 *   `LEDGER_BAD_KEYS`, `LEDGER_BAD_SIGNATURE`, `LEDGER_FEE_TOO_LOW`, `LEDGER_INSUFFICIENT_FUNDS`
 */
export function checkMayWait(
  next: NextBlock,
  transaction: OpenTransaction,
  shownKeys: (sender: Id) => KeySet | undefined,
): MayWait {
  const { body, sender, payer, signers } = transaction
  const { rules, height } = next
  for (const { kind } of body.actions) rules.ruleOf(kind)
  checkTerm(body, height)
  const account = accountOf(next, sender)
  if (body.nonce < account.nonce) {
    throw ledgerError('LEDGER_WRONG_NONCE', `nonce ${body.nonce} where ${account.nonce} is next`, {
      expected: account.nonce,
      actual: body.nonce,
    })
  }
  const keys = account.keys ?? ownKeys(body.keys, sender) ?? shownKeys(sender)
  if (keys === undefined) {
    const problem = 'the first transaction of an account has to show its keys'
    throw ledgerError('LEDGER_BAD_KEYS', problem, { sender })
  }
  if (!speaksFor(keys, signers)) throw unsigned(sender)
  const paying = payer === sender ? account : accountOf(next, payer)
  if (payer !== sender && (paying.keys === undefined || !speaksFor(paying.keys, signers)))
    throw unsigned(payer)
  const weight = weightOf(rules, transaction)
  const fee = BigInt(weight) * (baseFeeOf(next) + body.tip)
  if (fee > body.maxFee) {
    throw ledgerError(
      'LEDGER_FEE_TOO_LOW',
      `it costs ${formatAmount(fee)} NVY now, and may cost ${formatAmount(body.maxFee)} NVY`,
      {
        fee: String(fee),
        maxFee: String(body.maxFee),
      },
    )
  }
  if (totalOf(paying.purse) < fee) {
    throw ledgerError(
      'LEDGER_INSUFFICIENT_FUNDS',
      `the fee is ${formatAmount(fee)} NVY, and the account has less`,
      {
        fee: String(fee),
      },
    )
  }
  return { weight, nonce: account.nonce }
}

/** Keys that a transaction shows, if they are those of its sender. */
const ownKeys = (keys: KeySet | undefined, sender: Id): KeySet | undefined =>
  keys !== undefined && idOf(addressOf(keys)) === sender ? keys : undefined

const unsigned = (account: Id) =>
  ledgerError('LEDGER_BAD_SIGNATURE', `the signatures do not speak for account ${account}`, { account })
