import { formatAddress, formatAmount } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { bytesOf, type Id, idOf } from '../hex.js'
import { accountOf, accounts, debit } from '../modules/accounts/account.js'
import { addressOf, checkKeys, speaksFor } from '../modules/accounts/keys.js'
import { SPEND } from '../modules/accounts/purse.js'
import { baseFeeOf } from '../modules/fees/fee-market.js'
import type { BlockContext } from './context.js'
import { noteBurnt } from './supply.js'
import type { OpenTransaction } from './transaction.js'

/** What a transaction paid to happen. */
export interface PaidFee {
  /** Burnt. */
  readonly base: bigint
  /** For the proposer. */
  readonly tip: bigint
}

/**
 * Lets a transaction in: it is in time and next in line, the right keys signed, and its fee is paid. What it
 * cannot take back any more: whether its actions succeed or not, its nonce is used and its fee is gone.
 *
 * @param weight of the transaction with its actions
 * @throws LedgerError `LEDGER_EXPIRED`, `LEDGER_WRONG_NONCE`, `LEDGER_BAD_SIGNATURE`, `LEDGER_BAD_KEYS`,
 *   `LEDGER_FEE_TOO_LOW`, `LEDGER_INSUFFICIENT_FUNDS`
 */
export function admit(context: BlockContext, transaction: OpenTransaction, weight: number): PaidFee {
  const { body, sender, payer, signers } = transaction
  const { draft, height } = context
  if (body.validUntil < height) {
    throw ledgerError('LEDGER_EXPIRED', `it was valid until block ${body.validUntil}, and this is ${height}`)
  }
  const account = accountOf(context, sender)
  if (body.nonce !== account.nonce) {
    throw ledgerError('LEDGER_WRONG_NONCE', `nonce ${body.nonce} where ${account.nonce} is next`, {
      expected: account.nonce,
      actual: body.nonce,
    })
  }
  const keys = account.keys ?? shownKeys(transaction)
  if (!speaksFor(keys, signers)) throw unsigned(sender)
  accounts.set(draft, sender, { ...account, keys, nonce: account.nonce + 1 })
  if (payer !== sender) {
    const paying = accountOf(context, payer).keys
    if (paying === undefined || !speaksFor(paying, signers)) throw unsigned(payer)
  }
  return payFee(context, transaction, BigInt(weight))
}

function payFee(context: BlockContext, { body, payer }: OpenTransaction, weight: bigint): PaidFee {
  const base = weight * baseFeeOf(context)
  const tip = weight * body.tip
  if (base + tip > body.maxFee) {
    throw ledgerError(
      'LEDGER_FEE_TOO_LOW',
      `it costs ${formatAmount(base + tip)} NVY now, and may cost ${formatAmount(body.maxFee)} NVY`,
      {
        fee: String(base + tip),
        maxFee: String(body.maxFee),
      },
    )
  }
  debit(context, payer, base + tip, SPEND)
  noteBurnt(context.draft, base)
  return { base, tip }
}

/** Keys of an account that was not heard of before: its address is their hash. */
function shownKeys({ body: { keys }, sender, signers }: OpenTransaction) {
  if (keys === undefined) {
    throw ledgerError('LEDGER_BAD_KEYS', 'the first transaction of an account has to show its keys', {
      sender,
    })
  }
  if (idOf(addressOf(keys)) !== sender) {
    throw ledgerError('LEDGER_BAD_KEYS', 'these keys belong to another address', { sender })
  }
  checkKeys(keys, signers)
  return keys
}

const unsigned = (account: Id) =>
  ledgerError('LEDGER_BAD_SIGNATURE', `the signatures do not speak for ${formatAddress(bytesOf(account))}`, {
    account,
  })
