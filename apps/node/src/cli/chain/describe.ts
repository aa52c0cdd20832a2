import { formatAmount } from '@neurovoyance/protocol'
import type {
  BlockJson,
  ChainStatusJson,
  EventJson,
  ParameterJson,
  SupplyJson,
  TransactionJson,
  ValidatorJson,
} from '../../gateway/chain/shapes.js'
import { shortId, table } from '../format.js'
import { describeOutcome } from '../wallet/describe.js'

const nvy = (amount: string): string => `${formatAmount(BigInt(amount))} NVY`
const when = (timeMs: number): string => new Date(timeMs).toISOString()
const lines = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `${name.padEnd(12)} ${value}`).join('\n')

/** How far the chain is, for a person. */
export function describeStatus(status: ChainStatusJson): string {
  return lines([
    ['chain', status.chainId],
    ['genesis', status.genesis],
    ['height', `${status.height}${status.catchingUp ? ', catching up' : ''}`],
    ['block', status.block],
    ['time', when(status.timeMs)],
    ['state root', status.stateRoot],
    ['base fee', `${status.baseFee} base units a unit of weight`],
    ['validators', String(status.validators)],
    ['this node', status.validator === null ? 'follows' : `votes with ${status.validator}`],
    ['waiting', `${status.pool.transactions} transactions, ${status.pool.bytes} bytes`],
    ['finality', status.finalityMs === null ? 'not seen yet' : `${status.finalityMs} ms`],
  ])
}

/** A block for a person. */
export function describeBlock(block: BlockJson): string {
  return [
    lines([
      ['height', String(block.height)],
      ['id', block.id],
      ['time', when(block.timeMs)],
      ['proposer', block.proposer],
      ['state root', block.stateRoot],
    ]),
    '',
    block.transactions.length === 0 ? 'No transactions.' : block.transactions.map(describeOutcome).join('\n'),
    ...block.events.map(describeEvent),
  ].join('\n')
}

/** A block in a line. */
export const describeBlockLine = ({ height, id, timeMs, transactions }: BlockJson): string =>
  `${height}  ${shortId(id)}  ${when(timeMs)}  ${transactions.length} transactions`

/** A transaction for a person. */
export function describeTransaction(transaction: TransactionJson): string {
  const { sender, nonce, memo, actions, events, message } = transaction
  return [
    describeOutcome(transaction),
    ...(message === null ? [] : [message]),
    lines([['sender', `${sender}, transaction ${nonce}`], ...(memo === '' ? [] : [['memo', memo] as const])]),
    ...actions.map(({ kind, fields, payload }) => `${kind} ${fields ? JSON.stringify(fields) : payload}`),
    ...events.map(describeEvent),
  ].join('\n')
}

/** An event in a line. */
export const describeEvent = ({ kind, accounts, fields }: EventJson): string =>
  `${kind} ${JSON.stringify(fields)}${accounts.length > 0 ? ` ${accounts.map(shortId).join(' ')}` : ''}`

/** Validators for a person. */
export function describeValidators(list: readonly ValidatorJson[]): string {
  const rows = list.map(({ key, power, bonded, commission, owner, jailedUntilMs, tombstoned }) => [
    key,
    String(power),
    nvy(bonded),
    `${commission / 10_000}%`,
    tombstoned ? 'out for ever' : jailedUntilMs === undefined ? '' : `jailed until ${when(jailedUntilMs)}`,
    shortId(owner),
  ])
  return table([['VALIDATOR', 'POWER', 'BONDED', 'COMMISSION', 'STATE', 'OWNER'], ...rows])
}

/** Coins for a person. */
export function describeSupply(supply: SupplyJson): string {
  return [
    table(Object.entries(supply.held).map(([kind, amount]) => [kind, nvy(amount)])),
    '',
    `${nvy(supply.total)} in all, ${nvy(supply.circulating)} circulate; ${nvy(supply.genesis)} at the genesis, ${nvy(supply.minted)} minted, ${nvy(supply.burnt)} burnt`,
    `after block ${supply.height}`,
  ].join('\n')
}

/** Parameters for a person. */
export function describeParameters(list: readonly ParameterJson[]): string {
  const rows = list.map(({ name, value, unit, least, most, meaning }) => [
    name,
    value,
    unit,
    `${least} – ${most}`,
    meaning,
  ])
  return table([['PARAMETER', 'VALUE', 'UNIT', 'BOUNDS', 'MEANING'], ...rows])
}
