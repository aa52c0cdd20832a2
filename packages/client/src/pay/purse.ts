import type { ChainAccess } from '@neurovoyance/ledger'
import { ChannelRecord, type Logger } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import { ChannelBook } from './channel-book.js'
import { type ChannelRules, channelFromLedger, readChannelRules } from './channel-rules.js'
import { openedChannel } from './core/purse.js'
import { Ending } from './ending.js'
import { Funds } from './funds.js'
import { decodePurse, encodePurse, type SavedChannel, type SavedPurse } from './saved.js'
import type { PurseStore } from './store.js'
import { createTeller, type PayingAccount } from './teller.js'
import { createVault, type Vault } from './vault.js'

/** A purse that is open: its channels, and the way to the ledger. */
export interface Purse {
  readonly book: ChannelBook
  readonly vault: Vault
  readonly ending: Ending
  readonly rules: ChannelRules
  /** Makes it durable; `complete` says that nothing will be signed after it. */
  save(complete?: boolean): Promise<void>
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

/**
 * Opens a purse with the channels that an earlier run left, as the ledger has them now; those of which that run did not
 * hear any more are found, too.
 *
 * @throws ClientError `CLIENT_PURSE_UNREADABLE` where what is saved is damaged, or of another chain
 */
export async function openPurse(init: PurseInit): Promise<Purse> {
  const { access, account, store, budget, channels, logger, onChange } = init
  const [rules, bytes] = await Promise.all([readChannelRules(access), store.load()])
  const saved = bytes === undefined ? undefined : readSaved(bytes, access.chainId)
  const vault = createVault(access, account, createTeller(access, account))
  const funds: Funds = new Funds({
    vault,
    deposits: { least: rules.leastDeposit, leastTopUp: rules.leastTopUp, channels },
    budget: { limit: budget, locked: 0n, paid: saved?.paid ?? 0n, fees: saved?.fees ?? 0n },
    openings: saved?.openings ?? [],
    keep: () => save(),
  })
  const book = new ChannelBook({
    access,
    account,
    funds,
    rules: { leastStep: rules.leastStep, step: max(init.step, rules.leastStep) },
    onChange,
  })
  const ending = new Ending({ access, vault, graceMs: rules.graceMs, logger }, saved?.ending ?? [])
  const save = (complete = false): Promise<void> => {
    const { paid, fees } = funds.budget
    const kept = { chainId: access.chainId, paid, fees, complete, openings: funds.openings }
    return store.save(encodePurse({ ...kept, ending: ending.list(), channels: book.list() }))
  }
  if (saved !== undefined) await takeUp(saved, { book, ending, funds, access })
  await book.confirm()
  if (saved?.complete) await save()
  void ending.collect().catch(error => logger.debug({ error }, 'channels that end were not looked at'))
  return { book, ending, vault, rules, save }
}

function readSaved(bytes: Uint8Array, chainId: string): SavedPurse {
  const saved = decodePurse(bytes)
  if (saved?.chainId === chainId) return saved
  throw new ClientError(
    'CLIENT_PURSE_UNREADABLE',
    saved === undefined
      ? 'the saved purse cannot be read, and coins are in its channels: restore it, or give another store'
      : `the saved purse is of the chain ${saved.chainId}, not ${chainId}: give another store for each chain`,
    { details: { chainId, ...(saved && { saved: saved.chainId }) } },
  )
}

/** Takes up saved channels as the ledger has them now. */
async function takeUp(
  { channels, complete }: SavedPurse,
  { book, ending, funds, access }: Pick<Purse, 'book' | 'ending'> & { funds: Funds; access: ChainAccess },
): Promise<void> {
  const values = channels.length === 0 ? [] : await access.get(channels.map(({ id }) => `channels/${id}`))
  const gone = ({ id, payee, deposited }: SavedChannel, signed: bigint) => {
    const channel = openedChannel(id, payee, deposited)
    funds.enter(channel)
    funds.leave({ ...channel, signed })
  }
  for (const [index, kept] of channels.entries()) {
    const value = values[index]
    if (value === undefined) {
      // the node ended it: how much it was paid is not known, but where the purse was saved after the last voucher
      gone(kept, complete ? kept.signed : max(kept.signed, kept.deposited))
      continue
    }
    const { closeRequestedAtMs } = ChannelRecord.decode(value)
    if (closeRequestedAtMs !== undefined) {
      ending.add(kept.id)
      gone(kept, kept.signed)
      continue
    }
    const onLedger = channelFromLedger(access.chainId, kept.id, value)
    const { deposited, held } = onLedger
    const signed = max(kept.signed, onLedger.signed)
    book.add({ ...onLedger, ...kept, deposited, signed, used: max(kept.used, onLedger.used), held })
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
