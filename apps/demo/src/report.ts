import type { HiveNode } from '@neurovoyance/node/hive'
import { formatAmount } from '@neurovoyance/protocol'
import { DETECTION, RECOGNITION } from './bundle.js'
import { median } from './median.js'
import type { ChainOutcome, NodePayment } from './pay.js'
import type { Job } from './read-pages.js'

/** What the job came to. */
export interface Outcome {
  /** Whether the hive answered every job, and read what this machine reads by itself. */
  readonly ok: boolean
  /** User nodes. */
  readonly nodes: number
  /** Processes on the network: bootstrap, nodes and client. */
  readonly processes: number
  readonly model: string
  readonly jobs: readonly Job[]
  readonly text: string
  readonly localText: string
  /** Time of the hive to read the pages. */
  readonly seconds: number
  readonly localSeconds: number
  readonly pictures: readonly string[]
  /** What each node was paid; absent where nobody pays. */
  readonly payments?: readonly NodePayment[]
  /** The chain when everything was paid; absent likewise. */
  readonly chain?: ChainOutcome
}

/** How far the reading has come. */
export function tallyOf(jobs: readonly Job[]): string {
  const pieces = jobs.filter(({ kind }) => kind === DETECTION).length
  const nodes = new Set(jobs.map(({ node }) => node)).size
  return `${pieces} pieces searched, ${jobs.length - pieces} lines read by ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`
}

/** Which node did what, in a table. */
export function tableOf(
  nodes: readonly HiveNode[],
  { jobs, seconds, localSeconds }: Pick<Outcome, 'jobs' | 'seconds' | 'localSeconds'>,
): string {
  const rows = nodes
    .filter(({ role }) => role === 'peer')
    .map(({ name, peerId }) => {
      const own = jobs.filter(({ node }) => node === peerId)
      const of = (kind: string) => own.filter(job => job.kind === kind)
      return [
        name,
        String(of(DETECTION).length),
        String(of(RECOGNITION).length),
        milliseconds(of(DETECTION)),
        milliseconds(of(RECOGNITION)),
      ]
    })
  const head = ['node', 'pieces searched', 'lines read', 'median piece', 'median line']
  const total = [
    'the hive',
    String(jobs.filter(({ kind }) => kind === DETECTION).length),
    String(jobs.filter(({ kind }) => kind === RECOGNITION).length),
    '',
    `${seconds.toFixed(2)} s in all`,
  ]
  const local = ['without it', '', '', '', `${localSeconds.toFixed(2)} s in all`]
  return columns([head, ...rows, total, local])
}

/** Who earned what, what became of coins, and the client's balance with its proof, line by line; none where nobody pays. */
export function moneyOf(
  nodes: readonly HiveNode[],
  { payments, chain }: Pick<Outcome, 'payments' | 'chain'>,
): readonly string[] {
  if (payments === undefined || chain === undefined) return []
  const { supply, client, height, validators, stateRoot, chainId } = chain
  const held = Object.entries(supply.held).map(([kind, amount]) => [`  ${kind}`, coins(amount)])
  return [
    paymentsTable(nodes, payments),
    sharesOf(chain),
    '',
    columns([
      [`supply of ${chainId}`, 'NVY'],
      ['  in all', coins(supply.total)],
      ['  minted', coins(supply.minted)],
      ['  burnt (fees and settlements)', coins(supply.burnt)],
      ...held,
    ]),
    '',
    `The client has ${coins(client.balance)} NVY: proven under the header of block ${height}, which ${validators} validators decide.`,
    `  ${client.address}`,
    `  state root ${stateRoot}`,
    settlementOf(chain),
    '',
  ]
}

function paymentsTable(nodes: readonly HiveNode[], payments: readonly NodePayment[]): string {
  const nameOf = (peerId: string) => nodes.find(node => node.peerId === peerId)?.name ?? peerId
  const rows = [...payments]
    .map(({ node, amount, vouchers, earned, settledTx }) => [
      nameOf(node),
      coins(amount),
      String(vouchers),
      coins(earned),
      settledTx === null ? 'when the grace time is over' : `${settledTx.slice(0, 16)}…`,
    ])
    .sort(([one], [other]) => one!.localeCompare(other!))
  const sum = (of: (payment: NodePayment) => bigint) =>
    payments.reduce((all, payment) => all + of(payment), 0n)
  const total = [
    'all',
    coins(String(sum(({ amount }) => BigInt(amount)))),
    String(sum(({ vouchers }) => BigInt(vouchers))),
    coins(String(sum(({ earned }) => BigInt(earned)))),
    '',
  ]
  return columns([['node', 'was paid, NVY', 'vouchers', 'earned', 'settled by'], ...rows, total])
}

/** Why a node earns less than it was paid. */
function sharesOf({ shares: { burnt, stakers, treasury } }: ChainOutcome): string {
  const percent = (millionths: number) => `${millionths / 10_000}%`
  return `Of each payment ${percent(burnt)} is burnt, ${percent(stakers)} goes to validators and stakers, ${percent(treasury)} to the treasury; the node earns the rest, and pays its fees from that.`
}

/** How long a transaction took as the client saw it. */
function settlementOf({ finalityMs, settledMs }: ChainOutcome): string {
  const count = `${settledMs.length} ${settledMs.length === 1 ? 'transaction' : 'transactions'}`
  return `The client's ${count} took ${inMilliseconds(finalityMs)} from submitting to being settled (median).`
}

const coins = (amount: string): string => formatAmount(BigInt(amount))

const milliseconds = (jobs: readonly Job[]): string =>
  inMilliseconds(median(jobs.map(({ latencyMs }) => latencyMs)))

const inMilliseconds = (valueMs: number | null | undefined): string =>
  typeof valueMs === 'number' ? `${valueMs.toFixed(0)} ms` : '–'

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n')
}
