import type { Teller } from '@neurovoyance/client/pay'
import { actions, bytesOf, type ChainAccess } from '@neurovoyance/ledger'
import {
  type Clock,
  errorCode,
  type Logger,
  NeurovoyanceError,
  type SignedVoucher,
} from '@neurovoyance/protocol'
import { dueForRedeeming } from './core/redeem.js'
import { type TillChannel, unredeemed } from './core/till.js'
import type { NodeTill } from './node-till.js'
import { paymentRefused } from './refusals.js'

/** What redeems vouchers. */
export interface RedeemerInit {
  till: NodeTill
  access: Pick<ChainAccess, 'head'>
  teller: Teller
  leastStep: bigint
  clock: Clock
  logger: Logger
  /** How often the ledger is looked at. */
  everyMs: number
  /** Times its fee that a voucher is worth before it is redeemed. */
  worth: bigint
}

/** Turns vouchers into coins. */
export interface Redeemer {
  /** Redeems what is due now; what is worth its fee at all where `all` says so. */
  redeem(all?: boolean): Promise<void>
  /**
   * Redeems what a channel holds and ends it; the transaction's id. Whoever asks meanwhile is told the same.
   *
   * @param final voucher of the payer for what was charged, where the latest pays ahead of that
   */
  end(channel: string, final?: SignedVoucher): Promise<Uint8Array>
  /** Channels that were put aside since the start, because the ledger refuses what they hold. */
  refused(): number
  /** Waits for no block any more: what is not redeemed is kept. */
  close(): Promise<void>
}

/** What a voucher weighs in a transaction, its bytes included. */
const VOUCHER_WEIGHT = 900n
const BATCH = 24

/**
 * Redeems vouchers in batches, when they are worth it, and whenever a client asks for the end of a channel: that the grace
 * time is not missed is this loop's first duty.
 */
export function createRedeemer(init: RedeemerInit): Redeemer {
  const { till, access, teller, leastStep, clock, logger, everyMs, worth } = init
  let stopTimer: (() => void) | undefined
  let running: Promise<void> = Promise.resolve()
  const closing = new AbortController()
  const { signal } = closing
  const ending = new Map<string, Promise<Uint8Array>>()
  /** Channels whose voucher the ledger refused. */
  const aside = new Set<string>()

  /** One at a time: what is redeemed is read before and refreshed after, and nothing is redeemed twice. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = running.then(() => {
      signal.throwIfAborted()
      return work()
    })
    running = done.then(
      () => undefined,
      error => {
        if (signal.aborted) return
        logger.warn({ error, code: errorCode(error) }, 'vouchers could not be redeemed; they are kept')
      },
    )
    return done
  }

  async function redeemDue(times: bigint): Promise<void> {
    await till.channels.refresh()
    const { baseFee } = await access.head()
    const fee = baseFee * VOUCHER_WEIGHT
    till.channels.fee = fee
    // a channel that holds nothing makes room for another
    const rules = { fee, worth: till.channels.isFull ? 1n : times, leastStep, batch: BATCH }
    for (;;) {
      const due = dueForRedeeming(
        till.channels.list().flatMap(({ channel }) => (aside.has(channel.id) ? [] : [channel])),
        rules,
      )
      if (due.length === 0) return
      await send(due)
    }
  }

  /** In one transaction; where the ledger refuses one of them, each in its own, so that it holds back none but itself. */
  async function send(due: readonly TillChannel[]): Promise<void> {
    const ids = due.map(({ id }) => id)
    try {
      await teller.send(
        due.map(({ id, closing }) => (closing ? closeOf(id) : settleOf(id))),
        { signal },
      )
      await till.channels.refresh(ids)
    } catch (error) {
      if (!isVouchersFault(error)) throw error
      await till.channels.refresh(ids)
      // what somebody else redeemed meanwhile is no longer there
      const left = till.channels
        .list()
        .filter(({ channel }) => ids.includes(channel.id) && unredeemed(channel) > 0n)
      if (due.length === 1) for (const { channel } of left) putAside(channel, error)
      else for (const { channel } of left) await send([channel])
    }
  }

  /** What it holds is worth nothing, as the ledger says: nothing more is delivered for it, and others go on. */
  function putAside({ id }: TillChannel, error: unknown): void {
    aside.add(id)
    till.setClosing(id, true)
    const code = ledgerCodeOf(error)
    logger.error({ channel: id, code, error }, 'the ledger refuses the voucher of a channel: it is put aside')
  }

  function settleOf(id: string) {
    return actions.settleChannel(till.channels.get(id)!.voucher!)
  }

  /** The payer wants the rest back: nobody has to wait for the grace time. */
  function closeOf(id: string, final?: SignedVoucher) {
    const { channel, voucher } = till.channels.get(id)!
    if (final !== undefined && till.isFinal(id, final)) return actions.closeChannel(bytesOf(id), final)
    const amount = unredeemed(channel)
    const isDue = amount > 0n && (amount >= leastStep || channel.accepted === channel.deposited)
    return actions.closeChannel(bytesOf(id), isDue ? voucher : undefined)
  }

  const redeem = (all = false): Promise<void> => inTurn(() => redeemDue(all ? 1n : worth))

  async function endNow(id: string, final: SignedVoucher | undefined): Promise<Uint8Array> {
    const held = till.channels.get(id)
    if (held === undefined) throw paymentRefused('closed', `The channel ${id} is closed already.`)
    till.setClosing(id, true)
    try {
      const sent = await teller.send([closeOf(id, final)], { signal })
      await till.channels.refresh([id])
      return sent.id
    } catch (error) {
      // one that was ending before, or was put aside, stays so
      till.setClosing(id, held.channel.closing)
      throw error
    }
  }

  function later(): void {
    stopTimer = clock.after(everyMs, () => {
      void redeem()
        .catch(() => undefined)
        .then(() => !signal.aborted && later())
    })
  }
  later()

  return {
    redeem,
    refused: () => aside.size,
    end(id, final) {
      const known = ending.get(id)
      if (known !== undefined) return known
      const ended = inTurn(() => endNow(id, final)).finally(() => ending.delete(id))
      ending.set(id, ended)
      return ended
    },
    async close() {
      closing.abort(
        paymentRefused('leaving', 'This node is leaving the network: it keeps its vouchers for later.'),
      )
      stopTimer?.()
      await running
    },
  }
}

/** Refusals that are about a voucher or its channel; any other one would meet the next voucher, too. */
const VOUCHERS_FAULTS: ReadonlySet<string> = new Set([
  'LEDGER_BAD_ACTION',
  'LEDGER_BAD_SIGNATURE',
  'LEDGER_FORBIDDEN',
  'LEDGER_NOT_FOUND',
  'LEDGER_OVER_DEPOSIT',
  'LEDGER_STALE_VOUCHER',
  'LEDGER_TOO_SMALL',
  'LEDGER_WRONG_CHAIN',
  'LEDGER_WRONG_CHANNEL',
])

const isVouchersFault = (error: unknown): boolean => VOUCHERS_FAULTS.has(ledgerCodeOf(error) ?? '')

/** The ledger's code of a refusal: its own error, or what an error of the client says of it. */
function ledgerCodeOf(error: unknown): string | undefined {
  const code = errorCode(error)
  if (code?.startsWith('LEDGER_') || !(error instanceof NeurovoyanceError)) return code
  const { code: inner } = error.details as { code?: unknown }
  return typeof inner === 'string' ? inner : code
}
