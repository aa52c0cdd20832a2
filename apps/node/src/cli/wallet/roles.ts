import { actions } from '@neurovoyance/ledger'
import { formatAmount } from '@neurovoyance/protocol'
import { readValidatorKey } from '../../chain/validator-key.js'
import { resolveHome } from '../../config/home.js'
import { NodeError } from '../../errors.js'
import { requireChain } from '../chain/find-chain.js'
import type { CliContext } from '../context.js'
import { positive } from './coins.js'
import type { SendOptions } from './options.js'
import { nodeProof, validatorProof } from './own-keys.js'
import { spend } from './spend.js'

/** Millionths in a hundredth. */
const PERCENT = 10_000

interface WithNodeHome {
  nodeHome?: string
}

const nodeHome = ({ home }: CliContext, options: WithNodeHome) =>
  options.nodeHome === undefined ? home : resolveHome(options.nodeHome)

/** `nv wallet bind` */
export async function bind(
  context: CliContext,
  options: SendOptions & WithNodeHome & { stake?: bigint },
): Promise<void> {
  const home = nodeHome(context, options)
  const { stake = 0n } = options
  const withStake = stake > 0n ? ` and bond ${formatAmount(stake)} NVY to it` : ''
  await spend(context, options, `Bind the node of ${home.path} to this wallet${withStake}`, async at => {
    const { nodeKey, proof } = await nodeProof(home, at)
    return [
      actions.bindNode({ nodeKey, proof }),
      ...(stake > 0n ? [actions.bondToNode(nodeKey, { liquid: stake })] : []),
    ]
  })
}

/** `nv wallet validate` */
export async function validate(
  context: CliContext,
  text: string,
  options: SendOptions & WithNodeHome & { commission: number },
): Promise<void> {
  const home = nodeHome(context, options)
  const amount = positive(text)
  const what = `Make the node of ${home.path} a validator with ${formatAmount(amount)} NVY`
  await spend(context, options, what, async at => {
    const { consensusKey, proof } = await validatorProof(home, at)
    return [
      actions.createValidator({
        consensusKey,
        proof,
        commission: options.commission * PERCENT,
        liquid: amount,
      }),
    ]
  })
}

/** `nv wallet unjail` */
export async function unjailOwn(context: CliContext, options: SendOptions & WithNodeHome): Promise<void> {
  const home = nodeHome(context, options)
  const key = await readValidatorKey(home.validatorKey)
  if (key === undefined) {
    throw new NodeError('NODE_KEY_MISSING', `There is no validator's key in ${home.validatorKey}.`)
  }
  const own = Buffer.from(key.publicKey).toString('hex')
  const validator = (await (await requireChain(context.home)).validators()).find(({ key }) => key === own)
  if (validator !== undefined && validator.jailedUntilMs === undefined && !validator.tombstoned) {
    throw new NodeError(
      'NODE_USAGE',
      `The validator ${own} is not jailed: nothing was sent, and nothing charged.`,
      { details: { validator: own } },
    )
  }
  await spend(context, options, 'Let the validator stand for election again', [actions.unjail(key.publicKey)])
}
