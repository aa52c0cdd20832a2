import { NeurovoyanceError } from '@neurovoyance/protocol'
import { ensureValidatorKey, readValidatorKey } from '../../chain/validator-key.js'
import { NodeError } from '../../errors.js'
import type { BlockJson, EventJson } from '../../gateway/chain/shapes.js'
import type { CliContext } from '../context.js'
import { table } from '../format.js'
import { addressFrom } from '../options.js'
import { describeAccount } from '../wallet/describe.js'
import { checkedAccount } from './check-account.js'
import { checkedTransaction } from './check-transaction.js'
import {
  describeBlock,
  describeBlockLine,
  describeEvent,
  describeParameters,
  describeStatus,
  describeSupply,
  describeTransaction,
  describeValidators,
} from './describe.js'
import { requireChain, requireGenesis } from './find-chain.js'
import type { ProofOptions, WatchOptions } from './options.js'

/** The longest that one request waits for a transaction. */
const WAIT_MS = 60_000

/** `nv chain status` */
export async function status({ home, output }: CliContext): Promise<void> {
  const value = await (await requireChain(home)).status()
  output.answer(value, () => describeStatus(value))
}

/** `nv chain block` */
export async function block({ home, output }: CliContext, at = 'latest'): Promise<void> {
  if (at !== 'latest' && !/^(\d{1,15}|[0-9a-f]{64})$/.test(at)) {
    throw new NodeError('NODE_USAGE', `'${at}' is no block: give its height, its id, or latest.`)
  }
  const value = await (await requireChain(home)).block(at)
  output.answer(value, () => describeBlock(value))
}

/** `nv chain tx` */
export async function transaction(
  { home, output, signal }: CliContext,
  id: string,
  { wait = false, prove = false, genesis }: ProofOptions & { wait?: boolean },
): Promise<void> {
  if (!/^[0-9a-f]{64}$/.test(id)) {
    throw new NodeError('NODE_USAGE', `'${id}' is no id of a transaction: it has 64 hexadecimal digits.`)
  }
  const chain = await requireChain(home)
  const options = { signal, ...(wait && { waitMs: WAIT_MS }) }
  if (!prove) {
    const value = await chain.transaction(id, options)
    output.answer(value, () => describeTransaction(value))
    return
  }
  const value = await checkedTransaction(chain, await requireGenesis(home, genesis), id, options)
  output.answer(
    value,
    () =>
      `${describeTransaction(value)}\nproven by headers ${value.checked.height} and ${value.checked.height + 1}, followed from the genesis by the validators' signatures`,
  )
}

/** `nv chain account` */
export async function account(
  { home, output }: CliContext,
  address: string,
  { prove = false, genesis }: ProofOptions,
): Promise<void> {
  addressFrom(address)
  const chain = await requireChain(home)
  const value = prove
    ? await checkedAccount(chain, await requireGenesis(home, genesis), address)
    : await chain.account(address)
  output.answer(value, () => describeAccount(value))
}

/** `nv chain validators` */
export async function validators({ home, output }: CliContext): Promise<void> {
  const value = await (await requireChain(home)).validators()
  output.answer(value, () => describeValidators(value))
}

/** `nv chain supply` */
export async function supply({ home, output }: CliContext): Promise<void> {
  const value = await (await requireChain(home)).supply()
  output.answer(value, () => describeSupply(value))
}

/** `nv chain params` */
export async function parameters({ home, output }: CliContext, prefix = ''): Promise<void> {
  const all = await (await requireChain(home)).parameters()
  const value = all.filter(({ name }) => name.startsWith(prefix))
  if (value.length === 0) {
    throw new NeurovoyanceError(
      'LEDGER_NOT_FOUND',
      `No parameter begins with '${prefix}': 'nv chain params' shows them all.`,
      { details: { prefix } },
    )
  }
  output.answer(value, () => describeParameters(value))
}

/** `nv chain watch` */
export async function watch({ home, output, signal }: CliContext, options: WatchOptions): Promise<void> {
  const chain = await requireChain(home)
  const { account, kind, after } = options
  try {
    for await (const { event, data } of chain.watch({ account, kind, after }, signal)) {
      output.answer({ event, ...(data as object) }, () => describeMessage(event, data))
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** `nv chain key` */
export async function key({ home, output }: CliContext, options: { new?: boolean }): Promise<void> {
  const path = home.validatorKey
  const made = options.new ? await ensureValidatorKey(path) : undefined
  const found = made?.key ?? (await readValidatorKey(path))
  if (found === undefined) {
    throw new NodeError('NODE_KEY_MISSING', `There is no validator's key in ${path}: make one with --new.`, {
      details: { path },
    })
  }
  const publicKey = Buffer.from(found.publicKey).toString('hex')
  if (made?.made === false) {
    output.note(
      `There was a key already, and it stays: nothing new was made. Move ${path} away to make another.`,
    )
  }
  output.answer({ publicKey, path, ...(made && { made: made.made }) }, () => publicKey)
}

function describeMessage(event: string, data: unknown): string {
  if (event === 'block') return describeBlockLine(data as BlockJson)
  if (event === 'event') {
    const happened = data as EventJson & { height: number }
    return `${happened.height}  ${describeEvent(happened)}`
  }
  const { from, to } = data as { from: number; to: number }
  return table([[`blocks ${from} to ${to} are not kept here`]])
}
