import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  accountOf,
  actions,
  bytesOf,
  type ChainAccess,
  channelId,
  Draft,
  idOf,
  localGenesis,
  sealVoucher,
} from '@neurovoyance/ledger'
import { type Chain, localAccess, openChain } from '@neurovoyance/ledger/node'
import {
  type Action,
  ChannelRecord,
  type Clock,
  type Purse as Coins,
  errorCode,
  parseAddress,
  silentLogger,
  systemClock,
} from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPurse, type Purse } from '../../src/pay/purse.js'
import { createTeller, type Sent } from '../../src/pay/teller.js'
import { type Wallet, walletFromKey } from '../../src/wallet/index.js'
import { type KeptStore, keptStore } from './kept-store.js'

const NVY = 1_000_000_000n
const CHAIN = 'withdrawing-1'
/** The least that a genesis may set: two heartbeats of ledger time are more, so that one block can pass it. */
const GRACE_MS = 60_000
const walletOf = (seed: number): Wallet => walletFromKey(new Uint8Array(32).fill(seed))
const [payer, worker, validator, customer, sponsor] = [1, 2, 3, 4, 5].map(walletOf) as [
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
]
const accountId = ({ address }: Wallet): string => idOf(parseAddress(address))
const never = new AbortController().signal
const earnedIn = ({ earned }: Coins): bigint => earned.reduce((sum, { amount }) => sum + amount, 0n)

/** A chain's clock: the machine's, and what is put to it. The ledger's time follows it from block to block. */
class AheadClock implements Clock {
  aheadMs = 0
  now = (): number => systemClock.now() + this.aheadMs
  monotonicMs = systemClock.monotonicMs
  after = systemClock.after
}

describe('the rest of a channel whose node did not end it', () => {
  let dir: string
  let clock: AheadClock
  let chain: Chain
  let access: ChainAccess
  let store: KeptStore
  let purse: Purse

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'withdrawing-chain-'))
    clock = new AheadClock()
    const genesis = localGenesis({
      chainId: CHAIN,
      timeMs: Date.now(),
      parameters: { 'channels/graceMs': BigInt(GRACE_MS) },
      validators: [{ consensusKey: validator.publicKey, owner: validator.address }],
      clients: [payer.address, customer.address, worker.address],
      sponsor: sponsor.address,
    })
    chain = await openChain({ dir, genesis, validator, clock })
    access = localAccess(chain)
    store = keptStore()
    await earn(20_000_000n)
    await send(sponsor, [actions.giveGrant(payer.address, 10_000_000n)])
    purse = await open()
    await purse.book.open([{ payee: accountId(worker), amount: 5_000_000n }])
  })

  afterEach(async () => {
    await chain.close()
    await rm(dir, { recursive: true, force: true })
  })

  const send = (from: Wallet, what: readonly Action[]): Promise<Sent> => createTeller(access, from).send(what)

  const open = (): Promise<Purse> =>
    openPurse({
      access,
      account: payer,
      store,
      budget: NVY,
      step: NVY,
      channels: 8,
      logger: silentLogger,
      onChange: () => undefined,
    })

  const coinsOf = (wallet: Wallet): Coins =>
    accountOf({ draft: new Draft(chain.state), timeMs: chain.head().timeMs }, accountId(wallet)).purse

  function recordOf(channel: string): ChannelRecord | undefined {
    const value = chain.state.get(`channels/${channel}`)
    return value && ChannelRecord.decode(value)
  }

  /** Has the payer be paid for work of his own: earned coins are no liquid ones. */
  async function earn(amount: bigint): Promise<void> {
    const opening = { payee: parseAddress(payer.address), signer: customer.publicKey, deposit: amount }
    const { nonce } = await send(customer, [actions.openChannel({ ...opening, index: 0 })])
    const id = bytesOf(channelId({ chainId: CHAIN, account: accountId(customer), nonce, index: 0 }))
    const job = { jobId: new Uint8Array(32), transcriptRoot: new Uint8Array(32) }
    const voucher = { chainId: CHAIN, channelId: id, cumulative: amount, ...job }
    await send(payer, [
      actions.closeChannel(
        id,
        sealVoucher(voucher, message => customer.sign(message)),
      ),
    ])
  }

  /** The ledger's time passes by the grace, in one block: somebody else's transaction makes it. */
  async function passGrace(): Promise<void> {
    clock.aheadMs += GRACE_MS
    await send(customer, [actions.transfer(worker.address, 1n)])
  }

  /** Pays the worker, and asks the ledger for the end; the channel. */
  async function askForEnd(): Promise<string> {
    const { book, vault, ending } = purse
    const payee = accountId(worker)
    const { id } = book.get(payee)!
    const { payment } = await book.take(payee, 5_000_000n, never)
    // a top-up takes a request for the end back
    await book.toppedUp()
    await vault.requestClose(id)
    ending.add(id)
    book.drop(payee)
    await purse.save(true)
    await send(worker, [actions.settleChannel(payment.voucher!)])
    return id
  }

  it('comes back after the grace time and no sooner, each coin as what it was', async () => {
    const id = await askForEnd()
    const { deposit, settled } = recordOf(id)!
    const rest = deposit!
    expect(settled).toBe(5_000_000n)
    for (const part of [rest.granted, earnedIn(rest), rest.liquid]) expect(part).toBeGreaterThan(0n)
    await expect(purse.vault.withdraw(id)).rejects.toSatisfy(isTooEarly)
    await passGrace()
    const before = coinsOf(payer)
    const { fee } = await purse.vault.withdraw(id)
    const after = coinsOf(payer)
    expect(recordOf(id)).toBeUndefined()
    expect([before.granted, earnedIn(before)]).toEqual([0n, 0n])
    expect(after).toMatchObject({ granted: rest.granted, liquid: before.liquid + rest.liquid - fee })
    expect(after.earned).toEqual(rest.earned)
  })

  it('is fetched by the next start after it, and left where it is by one before', async () => {
    const id = await askForEnd()
    const early = await open()
    await early.ending.collect()
    expect([early.ending.list(), recordOf(id)?.settled]).toEqual([[id], 5_000_000n])
    await passGrace()
    const before = coinsOf(payer)
    const rest = recordOf(id)!.deposit!
    const gone = new Promise<void>(resolve => {
      chain.onBlock(() => recordOf(id) === undefined && resolve())
    })
    const late = await open()
    await gone
    const after = coinsOf(payer)
    expect([after.granted - before.granted, earnedIn(after)]).toEqual([rest.granted, earnedIn(rest)])
    await late.ending.collect()
    expect(late.ending.list()).toEqual([])
    expect(late.book.budget.locked).toBe(0n)
  })
})

/** Whether the ledger says that the grace time runs: before a block has it, or in one. */
function isTooEarly(error: unknown): boolean {
  const { details = {} } = error as { details?: { code?: unknown } }
  return [errorCode(error), details.code].includes('LEDGER_TOO_EARLY')
}
