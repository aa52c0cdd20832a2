import {
  AccountsRotate,
  AccountsTransfer,
  ChannelsClose,
  ChannelsOpen,
  ChannelsRequestClose,
  ChannelsSettle,
  ChannelsTopUp,
  ChannelsWithdraw,
  ExitCancel,
  ExitClaim,
  ExitRequest,
  formatAddress,
  GrantsGive,
  JobsAccept,
  JobsPost,
  JobsRefund,
  NodesBind,
  NodesBond,
  NodesDescribe,
  NodesRetire,
  NodesUnbond,
  RewardsClaim,
  StakingClaim,
  StakingCommission,
  StakingCreate,
  StakingDelegate,
  StakingRedelegate,
  StakingUnbond,
  StakingUnjail,
} from '@neurovoyance/protocol'

/** How the payload of each kind of action is read. */
const CODECS: Readonly<Record<string, { decode(bytes: Uint8Array): object }>> = {
  'accounts/transfer': AccountsTransfer,
  'accounts/rotate': AccountsRotate,
  'channels/open': ChannelsOpen,
  'channels/topUp': ChannelsTopUp,
  'channels/settle': ChannelsSettle,
  'channels/close': ChannelsClose,
  'channels/requestClose': ChannelsRequestClose,
  'channels/withdraw': ChannelsWithdraw,
  'exit/request': ExitRequest,
  'exit/claim': ExitClaim,
  'exit/cancel': ExitCancel,
  'grants/give': GrantsGive,
  'jobs/post': JobsPost,
  'jobs/accept': JobsAccept,
  'jobs/refund': JobsRefund,
  'nodes/bind': NodesBind,
  'nodes/describe': NodesDescribe,
  'nodes/bond': NodesBond,
  'nodes/unbond': NodesUnbond,
  'nodes/retire': NodesRetire,
  'rewards/claim': RewardsClaim,
  'staking/create': StakingCreate,
  'staking/delegate': StakingDelegate,
  'staking/redelegate': StakingRedelegate,
  'staking/unbond': StakingUnbond,
  'staking/claim': StakingClaim,
  'staking/unjail': StakingUnjail,
  'staking/commission': StakingCommission,
}

/** Fields that hold an address. */
const ADDRESSES = new Set(['to', 'owner', 'payee', 'guest', 'worker', 'acceptor'])

/** What an action's payload says; `undefined` for a kind that is not known here, or a payload that is none. */
export function actionFields(kind: string, payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const fields = CODECS[kind]?.decode(payload)
    return fields && (plain(fields, kind) as Record<string, unknown>)
  } catch {
    return undefined
  }
}

/** Fields in JSON: amounts decimal, bytes hexadecimal, accounts as addresses. */
function plain(value: unknown, kind: string, name = ''): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) {
    // a redelegation's `to` is a validator's key
    const isAddress = value.length === 32 && ADDRESSES.has(name) && !kind.startsWith('staking/')
    return isAddress ? formatAddress(value) : Buffer.from(value).toString('hex')
  }
  if (Array.isArray(value)) return value.map(item => plain(item, kind, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, kind, key)]))
}
