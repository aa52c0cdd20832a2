import { type Clock, NeurovoyanceError } from '@neurovoyance/protocol'
import type { LinkFaults } from './faults.js'
import type { SeededRandom } from './seeded-random.js'

/** How long and until when a call waits. */
export interface CallOptions {
  timeoutMs?: number
  signal?: AbortSignal
}

/** What a call needs of either node. */
export interface CallParty<Message> {
  up: boolean
  handlers: { call?(from: string, message: Message, signal: AbortSignal): Promise<Message> | Message }
  /** Ends calls that the node takes part in, when it goes down. */
  calls: Set<() => void>
}

/** What a call needs of the network. */
export interface Wires {
  clock: Clock
  random: SeededRandom
  counts: { sent: number; delivered: number }
  linkOf(from: string, to: string): LinkFaults
  connects(from: string, to: string): boolean
}

/** One call. */
export interface CallInit<Message> {
  caller: CallParty<Message>
  callee: CallParty<Message> | undefined
  from: string
  to: string
  message: Message
  options: CallOptions
}

/** The error that p2p would give. */
const fault = (code: string, message: string): NeurovoyanceError => new NeurovoyanceError(code, message)

/** Carries a request to a node and its answer back, or the error that p2p would give. */
export function placeCall<Message>(wires: Wires, init: CallInit<Message>): Promise<Message> {
  const { clock, connects } = wires
  const { caller, callee, from, to, message, options } = init
  return new Promise((resolve, reject) => {
    const abort = new AbortController()
    const stops: (() => void)[] = []
    let over = false

    function end(finish: () => void): void {
      if (over) return
      over = true
      for (const stop of stops) stop()
      finish()
    }
    const fail = (code: string, text: string): void =>
      end(() => {
        abort.abort()
        reject(fault(code, text))
      })
    const onReset = (): void => fail('P2P_STREAM_RESET', `${to} went away during the call`)
    const onAbort = (): void => fail('P2P_CANCELLED', 'the call was cancelled')
    const onTimeout = (): void => fail('P2P_DEADLINE_EXCEEDED', `${to} did not answer in time`)
    const onUnreachable = (): void => fail('P2P_PEER_UNREACHABLE', `${to} cannot be reached`)

    /** Runs something at the other end after a way there, if that is not cut by then. */
    function travel(source: string, target: string, arrive: () => void): void {
      if (over) return
      const delayMs = transitMs(wires.linkOf(source, target), wires.random)
      stops.push(clock.after(delayMs, () => connects(source, target) && arrive()))
    }

    function serve(): void {
      wires.counts.delivered++
      new Promise<Message>(done => {
        const { call } = callee!.handlers
        if (call === undefined) throw fault('P2P_UNSUPPORTED_SERVICE', `${to} answers no calls`)
        done(call(from, message, abort.signal))
      }).then(
        reply => travel(to, from, () => end(() => resolve(reply))),
        error => travel(to, from, () => end(() => reject(error))),
      )
    }

    wires.counts.sent++
    if (!caller.up) return onUnreachable()
    if (options.signal?.aborted) return onAbort()
    options.signal?.addEventListener('abort', onAbort, { once: true })
    stops.push(() => options.signal?.removeEventListener('abort', onAbort))
    if (options.timeoutMs !== undefined) stops.push(clock.after(options.timeoutMs, onTimeout))
    if (!callee?.up || !connects(from, to)) {
      stops.push(clock.after(2 * transitMs(wires.linkOf(from, to), wires.random), onUnreachable))
      return
    }
    for (const party of [caller, callee]) {
      party.calls.add(onReset)
      stops.push(() => party.calls.delete(onReset))
    }
    travel(from, to, serve)
  })
}

/** One way of a call: retransmission makes up for loss, at a round trip each time. */
function transitMs(link: LinkFaults, random: SeededRandom): number {
  let delayMs = link.latencyMs + random.float() * link.jitterMs
  for (let tries = 0; tries < 8 && random.chance(link.loss); tries++) delayMs += 2 * link.latencyMs + 1
  return delayMs
}
