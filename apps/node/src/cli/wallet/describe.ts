import { formatAmount } from '@neurovoyance/protocol'
import type { AccountJson, TransactionJson } from '../../gateway/chain/shapes.js'
import { shortId, table } from '../output.js'

const nvy = (amount: string | bigint): string => `${formatAmount(BigInt(amount))} NVY`
const when = (timeMs: number): string => new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
const sum = (amounts: readonly string[]): bigint => amounts.reduce((all, amount) => all + BigInt(amount), 0n)

/** What an account holds, for a person: each kind, and when it frees. */
export function describeAccount(account: AccountJson): string {
  const rows: string[][] = [
    ['liquid', nvy(account.liquid), 'free'],
    ['earned', nvy(account.earned), "pays in the network; leaves it by 'nv wallet exit'"],
    ['granted', nvy(account.granted), 'pays in the network'],
    ...account.vesting.map(({ amount, endsMs }) => ['vesting', nvy(amount), `evenly until ${when(endsMs)}`]),
    ...account.bonded.map(({ validator, liquid, earned, reward }) => [
      'bonded',
      nvy(sum([liquid, earned])),
      `to ${shortId(validator)}, ${nvy(reward)} to claim`,
    ]),
    ...account.unbonding.map(({ liquid, earned, endsMs, exit }) => [
      'unbonding',
      nvy(sum([liquid, earned])),
      `${when(endsMs)}${exit ? ', earned ones then queue' : ''}`,
    ]),
    ...account.queued.map(({ cohort, claimable, waiting, tribute }) => [
      'queued',
      nvy(sum([claimable, waiting])),
      `request ${cohort}: ${nvy(claimable)} to claim, an eighth an epoch at most, ${nvy(tribute)} burnt`,
    ]),
  ]
  const shown = rows.filter(([kind, amount]) => kind === 'liquid' || amount !== '0 NVY')
  return `${account.address}\n\n${table([['KIND', 'AMOUNT', 'FREES'], ...shown])}\n\nafter block ${account.height}, ${account.nonce} transactions made`
}

/** What became of a transaction, in a line. */
export function describeOutcome({ id, height, ok, code, fee }: TransactionJson): string {
  if (height === 0) return `${id} waits for a block`
  return `${id} in block ${height}, ${ok ? 'done' : code}, fee ${nvy(fee)}`
}

/** Transactions, newest first. */
export function describeHistory(list: readonly TransactionJson[], address: string): string {
  if (list.length === 0) return `No transactions of ${address} yet.`
  const rows = list.map(({ id, height, index, actions, ok, code, fee, memo, sender }) => [
    `${height}.${index}`,
    shortId(id),
    sender === address ? 'out' : 'in',
    actions.map(({ kind }) => kind).join(', '),
    ok ? 'done' : (code ?? ''),
    nvy(fee),
    memo,
  ])
  return table([['PLACE', 'ID', 'BY', 'ACTIONS', 'OUTCOME', 'FEE', 'MEMO'], ...rows])
}
