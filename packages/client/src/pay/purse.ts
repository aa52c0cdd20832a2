import type { ChainAccess } from '@neurovoyance/ledger'
import { ChannelRecord, type Logger } from '@neurovoyance/protocol'
import { ChannelBook, channelFromLedger } from './channel-book.js'
import { type ChannelRules, readChannelRules } from './channel-rules.js'
import { decodePurse, encodePurse } from './saved.js'
import type { PurseStore } from './store.js'
import { createTeller, type PayingAccount } from './teller.js'
import { createVault, type Vault } from './vault.js'

/** A purse that is open: its channels, and the way to the ledger. */
export interface Purse {
  readonly book: ChannelBook
  readonly vault: Vault
  readonly rules: ChannelRules
  save(): Promise<void>
}

/** What a purse is opened with. */
export interface PurseInit {
  access: ChainAccess
  account: PayingAccount
  store: PurseStore
  budget: bigint
  /** The most that is at stake at one node. */
  step: bigint
  /** Nodes that the budget is for, side by side. */
  channels: number
  logger: Logger
  onChange(): void
}

/** Opens a purse with the channels that an earlier run left, as the ledger has them now. */
export async function openPurse(init: PurseInit): Promise<Purse> {
  const { access, account, store, budget, channels, logger, onChange } = init
  const rules = await readChannelRules(access)
  const bytes = await store.load()
  const saved = bytes === undefined ? undefined : decodePurse(bytes)
  const own = saved?.chainId === access.chainId ? saved : undefined
  if (bytes !== undefined && own === undefined)
    logger.warn({}, 'the saved purse is of another chain or damaged')
  const vault = createVault(access, account, createTeller(access, account))
  const book = new ChannelBook({
    access,
    account,
    vault,
    rules: { leastStep: rules.leastStep, step: max(init.step, rules.leastStep) },
    deposits: { least: rules.leastDeposit, leastTopUp: rules.leastTopUp, channels },
    budget: { limit: budget, locked: 0n, paid: own?.paid ?? 0n, fees: own?.fees ?? 0n },
    onChange,
  })
  const known = own?.channels ?? []
  const [{ timeMs }, values] = await Promise.all([
    access.head(),
    known.length === 0 ? [] : access.get(known.map(({ id }) => `channels/${id}`)),
  ])
  for (const [index, kept] of known.entries()) {
    const value = values[index]
    if (value === undefined) continue
    const { closeRequestedAtMs } = ChannelRecord.decode(value)
    if (closeRequestedAtMs !== undefined) {
      if (closeRequestedAtMs + rules.graceMs <= timeMs) void withdraw(vault, kept.id, logger)
      continue
    }
    const onLedger = channelFromLedger(access.chainId, kept.id, value)
    const signed = max(kept.signed, onLedger.signed)
    book.add({ ...onLedger, ...kept, signed, used: max(kept.used, onLedger.used), held: onLedger.held })
  }
  const save = () => {
    const { paid, fees } = book.budget
    return store.save(encodePurse({ chainId: access.chainId, paid, fees, channels: book.list() }))
  }
  return { book, vault, rules, save }
}

async function withdraw(vault: Vault, channel: string, logger: Logger): Promise<void> {
  try {
    await vault.withdraw(channel)
  } catch (error) {
    logger.warn({ channel, error }, 'the rest of a channel could not be withdrawn yet')
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
