import { type Clock, errorCode } from '@neurovoyance/protocol'
import type { Choice } from '../core/choice/choose.js'
import { judge, type Verdict } from '../core/request/failure.js'
import {
  type AttemptStatus,
  createRequest,
  type Outcome,
  type RequestEffect,
  type RequestEvent,
  type RequestSettings,
} from '../core/request/request.js'
import { stepRequest } from '../core/request/step-request.js'
import type { AttemptReport, Dispatched, DispatchRequest } from './dispatch.js'
import { requestError } from './request-error.js'

/** How an attempt ended, for those who learn from it. */
export interface AttemptEnd {
  choice: Choice
  sentAtMs: number
  elapsedMs: number
  status: AttemptStatus
  /** Where the node gave an error: how it is judged. */
  verdict?: Verdict
}

/** What kind of node is wanted. */
export type PickEffect = Extract<RequestEffect, { type: 'pick' }>

/** What a request in progress needs of the dispatcher. */
export interface RequestPorts {
  clock: Clock
  settings: RequestSettings
  pick(wish: PickEffect): { choice: Choice | undefined; hosts: number }
  sent(choice: Choice, nowMs: number): void
  ended(end: AttemptEnd): void
  demand(): void
  /** Calls back when a new host of the model appears; returns a function that ends it. */
  onHost(callback: () => void): () => void
}

interface Flight {
  choice: Choice
  sentAtMs: number
  controller: AbortController
  /** Set once the attempt has been accounted for. */
  over: boolean
  error?: unknown
}

/** Drives one request's state machine with real sends and timers until it settles. */
export function carryRequest<Result>(
  ports: RequestPorts,
  request: DispatchRequest<Result> & { deadlineMs: number },
): Promise<Dispatched<Result>> {
  return new Promise((resolve, reject) => {
    const { clock } = ports
    const { signal, deadlineMs } = request
    const startedAtMs = clock.monotonicMs()
    const flights: Flight[] = []
    let state = createRequest(startedAtMs, deadlineMs, ports.settings)
    let picked: Choice | undefined
    let result: Result | undefined
    let timerAtMs: number | undefined
    let stopTimer: (() => void) | undefined
    let stopListening: (() => void) | undefined

    const onAbort = (): void => post({ type: 'cancelled', nowMs: clock.monotonicMs() })

    function post(event: RequestEvent): void {
      const step = stepRequest(state, event)
      state = step.state
      for (const effect of step.effects) apply(effect)
      if (state.phase !== 'settled') wait()
    }

    function apply(effect: RequestEffect): void {
      switch (effect.type) {
        case 'pick':
          pick(effect)
          break
        case 'send':
          send(effect.attempt, effect.peerId, effect.timeoutMs)
          break
        case 'abort':
          land(effect.attempt, state.attempts[effect.attempt]!.status)
          flights[effect.attempt]!.controller.abort(abortReason(effect.reason))
          break
        case 'demand':
          ports.demand()
          break
        case 'settle':
          settle(effect.outcome)
      }
    }

    function pick(wish: PickEffect): void {
      const { purpose } = wish
      const { choice, hosts } = ports.pick(wish)
      picked = choice
      const proposal = choice && {
        peerId: choice.peerId,
        predictedMs: choice.prediction.totalMs,
        tailMs: choice.prediction.tailMs,
        known: choice.prediction.known,
        alternatives: choice.alternatives,
        connected: choice.connected,
        connectedAlternatives: choice.connectedAlternatives,
      }
      post({ type: 'picked', nowMs: clock.monotonicMs(), purpose, proposal, hosts })
    }

    function send(attempt: number, peerId: string, timeoutMs: number): void {
      const sentAtMs = clock.monotonicMs()
      const flight: Flight = { choice: picked!, sentAtMs, controller: new AbortController(), over: false }
      flights[attempt] = flight
      ports.sent(flight.choice, sentAtMs)
      const answered = (value: Result): void => {
        if (flight.over) return
        result = value
        land(attempt, 'succeeded')
        post({ type: 'succeeded', nowMs: clock.monotonicMs(), attempt })
      }
      const failed = (error: unknown): void => {
        if (flight.over) return
        const code = errorCode(error)
        const verdict = judge(code)
        flight.error = error
        land(attempt, 'failed', verdict)
        post({
          type: 'failed',
          nowMs: clock.monotonicMs(),
          attempt,
          verdict,
          ...(code === undefined ? {} : { code }),
        })
      }
      try {
        request.send(peerId, { signal: flight.controller.signal, timeoutMs, attempt }).then(answered, failed)
      } catch (error) {
        queueMicrotask(() => failed(error))
      }
    }

    /** Accounts for an attempt that is over, once, before the next one is chosen. */
    function land(attempt: number, status: AttemptStatus, verdict?: Verdict): void {
      const flight = flights[attempt]!
      if (flight.over) return
      flight.over = true
      ports.ended({
        choice: flight.choice,
        sentAtMs: flight.sentAtMs,
        elapsedMs: clock.monotonicMs() - flight.sentAtMs,
        status,
        ...(verdict === undefined ? {} : { verdict }),
      })
    }

    /** One timer, at the earliest moment that matters; one ear for new hosts while there is none. */
    function wait(): void {
      if (state.phase === 'waiting') stopListening ??= ports.onHost(onHost)
      if (state.wakeAtMs === timerAtMs) return
      stopTimer?.()
      timerAtMs = state.wakeAtMs
      stopTimer = clock.after(Math.max(0, timerAtMs! - clock.monotonicMs()), onTimer)
    }

    function onTimer(): void {
      const dueAtMs = timerAtMs!
      timerAtMs = undefined
      stopTimer = undefined
      post({ type: 'tick', nowMs: Math.max(dueAtMs, clock.monotonicMs()) })
    }

    function onHost(): void {
      post({ type: 'hosts-changed', nowMs: clock.monotonicMs() })
    }

    function settle(outcome: Outcome): void {
      stopTimer?.()
      stopListening?.()
      signal?.removeEventListener('abort', onAbort)
      if (outcome.type === 'answered') {
        const { peerId } = flights[outcome.attempt]!.choice
        const latencyMs = clock.monotonicMs() - startedAtMs
        resolve({ result: result as Result, peerId, latencyMs, attempts: report() })
      } else if (outcome.type === 'refused') {
        reject(flights[outcome.attempt]!.error)
      } else {
        const cause =
          outcome.type === 'cancelled' ? signal?.reason : flights.findLast(flight => flight.error)?.error
        reject(requestError(outcome.type, { model: request.model, deadlineMs, attempts: report(), cause }))
      }
    }

    function report(): AttemptReport[] {
      return state.attempts.map((attempt, id) => {
        const error = flights[id]?.error
        return {
          peerId: attempt.peerId,
          purpose: attempt.purpose,
          status: attempt.status,
          elapsedMs: (attempt.endedAtMs ?? clock.monotonicMs()) - attempt.sentAtMs,
          predictedMs: attempt.predictedMs,
          ...(attempt.code === undefined ? {} : { code: attempt.code }),
          ...(error instanceof Error ? { message: error.message } : {}),
        }
      })
    }

    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    post({ type: 'start', nowMs: startedAtMs })
  })
}

function abortReason(reason: 'timeout' | 'lost' | 'cancelled' | 'deadline'): DOMException {
  const name = reason === 'timeout' || reason === 'deadline' ? 'TimeoutError' : 'AbortError'
  return new DOMException(`attempt ended: ${reason}`, name)
}
