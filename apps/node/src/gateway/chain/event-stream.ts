import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { AppliedBlock, Chain } from '@neurovoyance/ledger/node'
import { formatAddress, parseAddress } from '@neurovoyance/protocol'
import { blockJson, eventJson } from './json.js'
import type { EventJson } from './shapes.js'

/** What a listener wants to hear of; everything, whole blocks too, where nothing is named. */
export interface EventFilter {
  /** `nv1…` */
  readonly account?: string | undefined
  /** `accounts/transferred`, or a module: `accounts`. */
  readonly kind?: string | undefined
}

/** What a stream of a chain's events is made from. */
export interface EventStreamInit {
  readonly chain: Chain
  readonly response: ServerResponse
  /** The last height that the listener has heard of; what is to come when left out. */
  readonly after?: number | undefined
  readonly filter: EventFilter
  readonly heartbeatMs: number
  readonly signal: AbortSignal
}

/**
 * Tells a listener of blocks and what happened in them, as server-sent events whose id is the height.
 *
 * Nothing is queued for a slow listener: the next block is read from the store when the last one has been taken. One
 * that falls behind what is kept here is told (`gap`) and goes on from the oldest block there is.
 */
export async function streamEvents(init: EventStreamInit): Promise<void> {
  const { chain, response, filter, heartbeatMs, signal } = init
  let next = (init.after ?? chain.head().height) + 1
  let wake = () => {}
  const stop = chain.onBlock(() => wake())
  const beat = setInterval(
    () => response.writableNeedDrain || response.write(': still here\n\n'),
    heartbeatMs,
  )
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    response.write(`retry: 1000\n\n`)
    while (!signal.aborted) {
      if (next > chain.head().height) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        // a block may have come between the look and the listening
        if (next > chain.head().height && !signal.aborted) await promise
        continue
      }
      const block = chain.block(next)
      if (block === undefined) {
        const first = oldestFrom(chain, next)
        await send(response, message('gap', next, { from: next, to: first - 1 }), signal)
        next = first
        continue
      }
      for (const text of messagesOf(block, filter)) await send(response, text, signal)
      next++
    }
  } finally {
    clearInterval(beat)
    stop()
  }
}

/** The oldest height from `from` on whose block is kept: found by halving, since blocks are kept from one on. */
function oldestFrom(chain: Chain, from: number): number {
  let missing = from
  let kept = chain.head().height
  while (kept - missing > 1) {
    const middle = Math.floor((kept + missing) / 2)
    if (chain.block(middle) === undefined) missing = middle
    else kept = middle
  }
  return Math.max(kept, from + 1)
}

async function send(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(text)) return
  await once(response, 'drain', { signal }).catch(() => {})
}

function message(event: string, height: number, data: object): string {
  return `event: ${event}\nid: ${height}\ndata: ${JSON.stringify(data)}\n\n`
}

/** What a block has for a listener. The id stands at the last message: whoever comes back has all of the block again. */
function messagesOf(block: AppliedBlock, filter: EventFilter): string[] {
  const { height } = block
  if (filter.account === undefined && filter.kind === undefined) {
    return [message('block', height, blockJson(block))]
  }
  const found = [
    ...block.events.map(event => ({ transaction: null as string | null, ...eventJson(event) })),
    ...block.transactions.flatMap(({ id, events }) =>
      events.map(event => ({ transaction: Buffer.from(id).toString('hex'), ...eventJson(event) })),
    ),
  ].filter(event => isWanted(event, filter))
  return found.map((event, index) => {
    const text = `event: event\ndata: ${JSON.stringify({ height, timeMs: block.timeMs, ...event })}\n\n`
    return index === found.length - 1 ? `id: ${height}\n${text}` : text
  })
}

function isWanted({ kind, accounts }: EventJson, filter: EventFilter): boolean {
  const isKind = filter.kind === undefined || kind === filter.kind || kind.startsWith(`${filter.kind}/`)
  const isAccount = filter.account === undefined || accounts.includes(filter.account)
  return isKind && isAccount
}

/** An address in its one form. @throws ProtocolError `PROTOCOL_BAD_ID` */
export const addressText = (text: string): string => formatAddress(parseAddress(text))
