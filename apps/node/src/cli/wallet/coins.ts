import { actions } from '@neurovoyance/ledger'
import { formatAmount } from '@neurovoyance/protocol'
import { NodeError } from '../../errors.js'
import type { ChainClient } from '../../gateway/chain/chain-client.js'
import { requireChain } from '../chain/find-chain.js'
import type { CliContext } from '../context.js'
import { shortId } from '../format.js'
import { addressFrom, amountFrom } from '../options.js'
import type { ExitOptions, SendOptions, StakeOptions } from './options.js'
import { describeSent, sendAll, spend } from './spend.js'
import { findWallet } from './wallet-file.js'

/** `nv wallet send` */
export async function sendCoins(
  context: CliContext,
  to: string,
  text: string,
  options: SendOptions,
): Promise<void> {
  addressFrom(to)
  const amount = positive(text)
  await spend(context, options, `Send ${formatAmount(amount)} NVY to ${to}`, [actions.transfer(to, amount)])
}

/** `nv wallet stake` */
export async function stake(context: CliContext, text: string, options: StakeOptions): Promise<void> {
  const amount = positive(text)
  const validator = keyFrom(options.validator) ?? (await ownValidator(await requireChain(context.home)))
  const coins = options.earned ? { earned: amount } : { liquid: amount }
  const what = `Bond ${formatAmount(amount)} NVY to validator ${shortId(validator)}`
  await spend(context, options, what, [actions.delegate(bytes(validator), coins)])
}

/** `nv wallet unstake` */
export async function unstake(
  context: CliContext,
  text: string,
  options: StakeOptions & { exit?: boolean },
): Promise<void> {
  const amount = positive(text)
  const validator = keyFrom(options.validator) ?? (await onlyBond(context, options.wallet))
  const coins = options.earned ? { earned: amount } : { liquid: amount }
  const what = `Take ${formatAmount(amount)} NVY back from validator ${shortId(validator)}`
  await spend(context, options, what, [
    actions.unbond(bytes(validator), { ...coins, exit: options.exit === true }),
  ])
}

/** `nv wallet exit` */
export async function exit(
  context: CliContext,
  text: string | undefined,
  options: ExitOptions,
): Promise<void> {
  const given = [text, options.claim, options.cancel].filter(value => value !== undefined)
  if (given.length !== 1) {
    throw new NodeError('NODE_USAGE', "Give an amount, --claim, or --cancel with a request's number.")
  }
  if (options.claim) return spend(context, options, 'Take what the queue has released', [actions.claimExit()])
  if (options.cancel !== undefined) {
    return spend(context, options, `Take request ${options.cancel} back`, [
      actions.cancelExit(options.cancel),
    ])
  }
  const amount = positive(text ?? '')
  await spend(context, options, `Put ${formatAmount(amount)} NVY of earned coins into the exit queue`, [
    actions.requestExit(amount),
  ])
}

/** `nv wallet claim`: each kind that is due by a transaction of its own, so that neither holds the other back. */
export async function claim(context: CliContext, options: SendOptions): Promise<void> {
  const { home, output } = context
  const { keystore } = await findWallet(home, options.wallet)
  const { address } = keystore
  const { rewards, work } = await (await requireChain(home)).account(address)
  const kinds = [
    { name: 'staking', of: 'bonds', due: BigInt(rewards), action: actions.claimStakingRewards() },
    { name: 'work', of: 'work', due: BigInt(work.due), action: actions.claimRewards(address) },
  ].filter(({ due }) => due > 0n)
  if (kinds.length === 0) {
    const later = work.isRunning ? ' What work brought is due when its epoch is over.' : ''
    output.answer({ claimed: [] }, () => `Nothing is due to ${address}: nothing was sent.${later}`)
    return
  }
  const sent = await sendAll(
    context,
    options,
    kinds.map(({ of, due, action }) => ({
      what: `Claim the ${formatAmount(due)} NVY that ${of} brought`,
      actions: [action],
    })),
  )
  const claimed = kinds.map(({ name, due }, index) => ({ of: name, due: String(due), ...sent[index]! }))
  output.answer({ claimed }, () =>
    claimed
      .map(({ of, due, ...each }) => `${formatAmount(BigInt(due))} NVY of ${of}: ${describeSent(each)}`)
      .join('\n'),
  )
}

/** @throws NodeError `NODE_USAGE` for what is no amount, and for nothing */
export function positive(text: string): bigint {
  const amount = amountFrom(text)
  if (amount > 0n) return amount
  throw new NodeError('NODE_USAGE', 'The amount is nothing.')
}

const bytes = (key: string): Uint8Array => Uint8Array.from(Buffer.from(key, 'hex'))

function keyFrom(text: string | undefined): string | undefined {
  if (text === undefined || /^[0-9a-f]{64}$/.test(text)) return text
  throw new NodeError('NODE_USAGE', `'${text}' is no validator's key: 'nv chain validators' shows them.`)
}

async function ownValidator(chain: ChainClient): Promise<string> {
  const { validator } = await chain.status()
  if (validator !== null) return validator
  throw new NodeError(
    'NODE_USAGE',
    "The running node is no validator: name one with --validator ('nv chain validators').",
  )
}

async function onlyBond({ home }: CliContext, wallet: string): Promise<string> {
  const { keystore } = await findWallet(home, wallet)
  const { bonds } = await (await requireChain(home)).account(keystore.address)
  // one validator may have several bonds of an account
  const [first, ...others] = new Set(bonds.map(({ validator }) => validator))
  if (first !== undefined && others.length === 0) return first
  const problem =
    first === undefined
      ? 'Nothing is bonded.'
      : 'Coins are bonded to several validators: name one with --validator.'
  throw new NodeError('NODE_USAGE', problem)
}
