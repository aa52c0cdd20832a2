import { formatAmount, peerIdFromPublicKey } from '@neurovoyance/protocol'
import type { AccountJson, TransactionJson } from '../../gateway/chain/shapes.js'
import { shortId, table } from '../format.js'

const nvy = (amount: string | bigint): string => `${formatAmount(BigInt(amount))} NVY`
const when = (timeMs: number): string => new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
const sum = (amounts: readonly string[]): bigint => amounts.reduce((all, amount) => all + BigInt(amount), 0n)

/** What an account has, for a person: each kind, and when it frees. */
export function describeAccount(account: AccountJson): string {
  const { balances } = account
  const tribute = sum(account.earned.map(lot => lot.tribute))
  const rows: string[][] = [
    ['liquid', nvy(balances.liquid), 'free'],
    [
      'earned',
      nvy(balances.earned),
      `pays in the network; ${nvy(tribute)} would be burnt on its way out now`,
    ],
    ['granted', nvy(balances.granted), 'pays in the network'],
    ...account.vesting.map(({ amount, endsMs }) => ['vesting', nvy(amount), `evenly until ${when(endsMs)}`]),
    ...account.bonds.map(({ validator, liquid, earned, reward }) => [
      'bonded',
      nvy(sum([liquid, earned])),
      `to ${shortId(validator)}, ${nvy(reward)} to claim`,
    ]),
    ...account.unbonding.map(({ liquid, earned, endsMs, exit }) => [
      'unbonding',
      nvy(sum([liquid, earned])),
      `${when(endsMs)}${exit ? ', earned ones then queue' : ''}`,
    ]),
    ['of work', nvy(account.work.due), "to claim: 'nv wallet claim'"],
    ...account.exits.map(({ cohort, claimable, waiting, tribute: burnt }) => [
      'queued',
      nvy(sum([claimable, waiting])),
      `request ${cohort}: ${nvy(claimable)} to claim, an eighth an epoch at most, ${nvy(burnt)} burnt`,
    ]),
    ...account.channels.map(({ payee, deposit }) => [
      'escrow',
      nvy(deposit),
      `in a channel to ${shortId(payee)}`,
    ]),
  ]
  const shown = rows.filter(([kind, amount]) => kind === 'liquid' || amount !== '0 NVY')
  const nodes = account.nodes.map(({ node, stake, retired }) => [
    peerIdFromPublicKey(Buffer.from(node, 'hex')),
    nvy(stake),
    retired ? 'retired' : 'bound to this account',
  ])
  const owned = nodes.length === 0 ? '' : `\n\n${table([['NODE', 'STAKE', 'STATE'], ...nodes])}`
  return `${account.address}\n\n${table([['KIND', 'AMOUNT', 'FREES'], ...shown])}\n\n${nvy(account.total)} after block ${account.height}, ${account.nonce} transactions made${owned}`
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
