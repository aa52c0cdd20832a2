import {
  actions,
  bytesOf,
  channels,
  EXIT_UNIT,
  exitProgress,
  idOf,
  jobs,
  keyProofBytes,
  NODE_DOMAIN,
  NVY,
  nodes,
  soleKey,
  VALIDATOR_DOMAIN,
  validators,
  voucherMessage,
} from '@neurovoyance/ledger'
import { type Action, type SignedVoucher, Voucher } from '@neurovoyance/protocol'
import { type Member, nodeKeys, people, seal, validatorKeys } from './cast.ts'
import type { Named, WholeChain } from './chain.ts'

/** What somebody tries: numbers that every deed takes what it needs of. */
export interface Try {
  readonly who: number
  readonly other: number
  readonly first: number
  readonly second: number
  /** Whole NVY, up to a few thousand. */
  readonly some: bigint
  readonly more: bigint
}

/** Who tries what, on which chain. */
export interface Scene extends Try {
  readonly chain: WholeChain
  readonly named: Named
  readonly me: Member
}

const HASH = new Uint8Array(32).fill(9)
const NOWHERE = 'ee'.repeat(32)
const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length]!
const channelIn = ({ named, first }: Scene): string => named.channel.at(-1 - (first % 4)) ?? NOWHERE
const jobIn = ({ named, first }: Scene): string => named.job.at(-1 - (first % 3)) ?? NOWHERE

function voucher(scene: Scene): SignedVoucher {
  const { chain, some } = scene
  const id = channelIn(scene)
  const settled = channels.get(chain.draft, id)?.settled ?? 0n
  const { chainId } = chain.machine
  const bytes = Voucher.encode({
    chainId,
    channelId: bytesOf(id),
    cumulative: settled + (some * NVY) / 3n + 1_000n,
    jobId: HASH,
    transcriptRoot: HASH,
  })
  const payer = channels.get(chain.draft, id)?.payer
  const signer = people.find(person => payer !== undefined && person.id === idOf(payer))
  return { voucher: bytes, signature: seal(signer?.key ?? HASH, voucherMessage(chainId, bytes)) }
}

const proof = ({ chain, me }: Scene, key: Uint8Array, domain: string): Uint8Array => {
  const { chainId } = chain.machine
  return seal(key, keyProofBytes({ domain, chainId, owner: me.id, nonce: chain.account(me).nonce }))
}

const coins = ({ some, more, second }: Scene) =>
  second % 4 === 0 ? { liquid: some * NVY, earned: (more * NVY) / 7n } : { liquid: some * NVY, earned: 0n }

/** Who may ask for this, where not everybody may: of a channel, job or node, its party. */
export function rightful(kind: string, scene: Scene): Member {
  const { chain, first, me } = scene
  const { draft } = chain
  const [module] = kind.split('/')
  const channel = module === 'channels' ? channels.get(draft, channelIn(scene)) : undefined
  const job = module === 'jobs' ? jobs.get(draft, jobIn(scene)) : undefined
  const node = module === 'nodes' ? nodes.get(draft, idOf(pick(nodeKeys, first))) : undefined
  const validator = /unjail|commission/.test(kind)
    ? validators.get(draft, idOf(pick(validatorKeys, first)))
    : undefined
  const party = kind === 'channels/close' ? channel?.payee : channel?.payer
  const id = party ?? job?.poster ?? node?.owner ?? validator?.owner
  return people.find(person => id !== undefined && person.id === idOf(id)) ?? me
}

/** Every kind of action that the network's modules have, as somebody may ask for it. */
export const DEEDS: Readonly<Record<string, (scene: Scene) => Action>> = {
  'accounts/transfer': ({ other, some }) => actions.transfer(pick(people, other).address, some * NVY + 1n),
  'accounts/rotate': ({ me }) => actions.rotateKeys(soleKey(me.key)),
  'channels/open': ({ me, other, some }) =>
    actions.openChannel({ payee: pick(people, other).address, signer: me.key, deposit: 2n * some * NVY }),
  'channels/topUp': scene => actions.topUpChannel(bytesOf(channelIn(scene)), scene.some * NVY),
  'channels/settle': scene => actions.settleChannel(voucher(scene)),
  'channels/close': scene =>
    actions.closeChannel(bytesOf(channelIn(scene)), scene.second % 2 === 0 ? voucher(scene) : undefined),
  'channels/requestClose': scene => actions.requestChannelClose(bytesOf(channelIn(scene))),
  'channels/withdraw': scene => actions.withdrawFromChannel(bytesOf(channelIn(scene))),
  'jobs/post': ({ chain, me, second, some }) =>
    actions.postJob({
      description: HASH,
      budget: 2n * some * NVY,
      rounds: 1 + (second % 3),
      deadlineMs: chain.timeMs + (1 + (second % 20)) * 24 * 3_600_000,
      acceptor: me.address,
    }),
  'jobs/accept': scene =>
    actions.acceptWork({
      job: bytesOf(jobIn(scene)),
      round: 1 + (scene.second % 3),
      worker: pick(people, scene.other).address,
      amount: (scene.some * NVY) / 3n,
      result: HASH,
    }),
  'jobs/refund': scene => actions.refundJob(bytesOf(jobIn(scene))),
  'rewards/claim': ({ other }) => actions.claimRewards(pick(people, other).address),
  'grants/give': ({ other, some }) =>
    actions.giveGrant(pick(people, other).address, (some * NVY) / 1_000n + 1n),
  'nodes/bind': scene => {
    const nodeKey = pick(nodeKeys, scene.first)
    return actions.bindNode({ nodeKey, proof: proof(scene, nodeKey, NODE_DOMAIN) })
  },
  'nodes/describe': ({ first }) => actions.describeNode(pick(nodeKeys, first), HASH),
  'nodes/bond': scene => actions.bondToNode(pick(nodeKeys, scene.first), coins(scene)),
  'nodes/unbond': scene => actions.unbondFromNode(pick(nodeKeys, scene.first), coins(scene)),
  'nodes/retire': ({ first }) => actions.retireNode(pick(nodeKeys, first)),
  'staking/create': scene => {
    const consensusKey = pick(validatorKeys, scene.first)
    const commission = 10_000 * (scene.second % 20)
    const own = { liquid: (1_000n + scene.some) * NVY, earned: 0n }
    return actions.createValidator({
      consensusKey,
      proof: proof(scene, consensusKey, VALIDATOR_DOMAIN),
      commission,
      ...own,
    })
  },
  'staking/delegate': scene => actions.delegate(pick(validatorKeys, scene.first), coins(scene)),
  'staking/redelegate': scene =>
    actions.redelegate(pick(validatorKeys, scene.first), pick(validatorKeys, scene.second), coins(scene)),
  'staking/unbond': scene =>
    actions.unbond(pick(validatorKeys, scene.first), { ...coins(scene), exit: scene.second % 2 === 0 }),
  'staking/claim': () => actions.claimStakingRewards(),
  'staking/unjail': ({ first }) => actions.unjail(pick(validatorKeys, first)),
  'staking/commission': ({ first, second }) =>
    actions.setCommission(pick(validatorKeys, first), 10_000 * (second % 20)),
  'exit/request': ({ some }) => actions.requestExit(((some * NVY) / EXIT_UNIT) * EXIT_UNIT),
  'exit/claim': () => actions.claimExit(),
  'exit/cancel': ({ chain, me }) => actions.cancelExit(exitProgress(chain.draft, me.id).at(-1)?.cohort ?? 0),
}
