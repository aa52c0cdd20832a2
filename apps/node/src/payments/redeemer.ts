import type { Teller } from '@neurovoyance/client/pay'
import { actions, bytesOf, type ChainAccess } from '@neurovoyance/ledger'
import { type Clock, errorCode, type Logger } from '@neurovoyance/protocol'
import { dueForRedeeming } from './core/redeem.js'
import { unredeemed } from './core/till.js'
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
  /** Redeems what a channel holds and ends it; the transaction's id. Whoever asks meanwhile is told the same. */
  end(channel: string): Promise<Uint8Array>
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
  let closed = false
  const ending = new Map<string, Promise<Uint8Array>>()

  /** One at a time: what is redeemed is read before and refreshed after, and nothing is redeemed twice. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = running.then(work)
    running = done.then(
      () => undefined,
      error => {
        logger.warn({ error, code: errorCode(error) }, 'vouchers could not be redeemed; they are kept')
      },
    )
    return done
  }

  async function redeemDue(times: bigint): Promise<void> {
    await till.refresh()
    const { baseFee } = await access.head()
    const rules = { fee: baseFee * VOUCHER_WEIGHT, worth: times, leastStep, batch: BATCH }
    for (;;) {
      const due = dueForRedeeming(
        till.list().map(({ channel }) => channel),
        rules,
      )
      if (due.length === 0) return
      await teller.send(due.map(({ id, closing }) => (closing ? closeOf(id) : settleOf(id))))
      await till.refresh(due.map(({ id }) => id))
    }
  }

  function settleOf(id: string) {
    return actions.settleChannel(till.get(id)!.voucher!)
  }

  /** The payer wants the rest back: nobody has to wait for the grace time. */
  function closeOf(id: string) {
    const { channel, voucher } = till.get(id)!
    const amount = unredeemed(channel)
    const isDue = amount > 0n && (amount >= leastStep || channel.accepted === channel.deposited)
    return actions.closeChannel(bytesOf(id), isDue ? voucher : undefined)
  }

  const redeem = (all = false): Promise<void> => inTurn(() => redeemDue(all ? 1n : worth))

  async function endNow(id: string): Promise<Uint8Array> {
    if (till.get(id) === undefined) throw paymentRefused('closed', `The channel ${id} is closed already.`)
    till.setClosing(id, true)
    try {
      const sent = await teller.send([closeOf(id)])
      await till.refresh([id])
      return sent.id
    } catch (error) {
      till.setClosing(id, false)
      throw error
    }
  }

  function later(): void {
    stopTimer = clock.after(everyMs, () => {
      void redeem()
        .catch(() => undefined)
        .then(() => !closed && later())
    })
  }
  later()

  return {
    redeem,
    end(id) {
      const known = ending.get(id)
      if (known !== undefined) return known
      const ended = inTurn(() => endNow(id)).finally(() => ending.delete(id))
      ending.set(id, ended)
      return ended
    },
    async close() {
      closed = true
      stopTimer?.()
      await running
    },
  }
}
