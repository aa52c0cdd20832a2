import { type ChainAccess, channelsModule, settleParameters, voucherChannel } from '@neurovoyance/ledger'
import { ChannelRecord, ParameterValues } from '@neurovoyance/protocol'
import { bytesToHex } from '@noble/hashes/utils.js'
import { openedChannel, type PaidChannel } from './core/purse.js'

/** What a ledger holds its channels to: parameters of its own, read once. */
export interface ChannelRules {
  readonly leastDeposit: bigint
  readonly leastTopUp: bigint
  readonly leastStep: bigint
  readonly graceMs: number
}

/** The rules of channels on a chain. */
export async function readChannelRules(access: Pick<ChainAccess, 'get'>): Promise<ChannelRules> {
  const [record] = await access.get(['parameters'])
  const { values } = record === undefined ? { values: [] } : ParameterValues.decode(record)
  const chosen = values
    .filter(({ name }) => name.startsWith('channels/'))
    .map(({ name, value }) => [name, value])
  const rules = settleParameters({ channels: channelsModule.parameters ?? {} }, Object.fromEntries(chosen))
  return {
    leastDeposit: rules.of('channels/leastDeposit'),
    leastTopUp: rules.of('channels/leastTopUp'),
    leastStep: rules.of('channels/leastStep'),
    graceMs: Number(rules.of('channels/graceMs')),
  }
}

/** A channel as the ledger has it, with nothing known of what was signed. */
export function channelFromLedger(chainId: string, id: string, value: Uint8Array): PaidChannel {
  const record = ChannelRecord.decode(value)
  const { deposited, cumulative } = voucherChannel(chainId, id, record)
  return {
    ...openedChannel(id, bytesToHex(record.payee), deposited),
    signed: cumulative,
    held: cumulative,
    used: cumulative,
  }
}
