import { type Clock, LIMITS, type Random, systemClock, systemRandom } from '@neurovoyance/protocol'
import { type Choice, choose, freeOnly } from '../core/choice/choose.js'
import { beginRun, createKnowledge, endRun, forgive, penalise } from '../core/choice/knowledge.js'
import {
  createNewcomerCredit,
  earnCredit,
  hasCredit,
  type NewcomerCredit,
  refillCredit,
  spendCredit,
} from '../core/choice/newcomers.js'
import { observe } from '../core/choice/observe.js'
import { type ChoiceSettings, DEFAULT_CHOICE_SETTINGS } from '../core/choice/settings.js'
import type { UnplacedRequests } from '../core/market/demand-table.js'
import { TIMED_OUT } from '../core/request/failure.js'
import { addRequest, createHedgeBudget, mayHedge, takeHedge } from '../core/request/hedge-budget.js'
import { DEFAULT_REQUEST_SETTINGS, type RequestSettings } from '../core/request/request.js'
import { SchedulerError } from '../errors.js'
import type { Market } from '../market/create-market.js'
import { settle, settleFrom } from '../settings.js'
import { type AttemptEnd, carryRequest } from './carry-request.js'
import type { Dispatched, DispatchRequest, Work } from './dispatch.js'

/** What a dispatcher is made of. Everything but the market has a default. */
export interface DispatcherInit {
  market: Pick<Market, 'hosts' | 'onHost' | 'isConnected' | 'peerUnreachable'>
  /** Measured round trip to a peer; an assumed one where it is left out or says `undefined`. */
  rtt?: (peerId: string) => number | undefined
  /** Called when requests wait because nobody hosts their model: make it a `Demand` by `demandFor`, and publish that. */
  onDemand?: (unplaced: UnplacedRequests) => void
  clock?: Clock
  random?: Random
  /** Deadline of requests that name none; 30 s when left out. */
  defaultDeadlineMs?: number
  /** Requests in progress at a time; 4,096 when left out. */
  maxRequests?: number
  /** Share of requests that may be hedged; 0.06 when left out, 0 for no hedging. */
  hedgeShare?: number
  choice?: Partial<ChoiceSettings>
  request?: Partial<RequestSettings>
}

/** Finds a node for every request, and another one when that fails. */
export interface Dispatcher {
  /**
   * Has a request answered by some node within its deadline.
   *
   * @throws SchedulerError `SCHEDULER_NO_NODE`, `SCHEDULER_DEADLINE_EXCEEDED`, `SCHEDULER_ALL_ATTEMPTS_FAILED`
   *   (each with `details.attempts`), `SCHEDULER_CANCELLED`, `SCHEDULER_TOO_MANY_REQUESTS`, `SCHEDULER_CLOSED`;
   *   and as it came, the error of a node that says that the request itself is wrong (`ONNX_INPUT_…`)
   */
  dispatch<Result>(request: DispatchRequest<Result>): Promise<Dispatched<Result>>
  /** The node that a request would be sent to now, and the completion time predicted for it. */
  plan(work: Work): Choice | undefined
  /** Requests in progress. */
  readonly pending: number
  /** Cancels what is in progress and takes no more. */
  close(): void
}

const DEFAULTS = Object.freeze({ defaultDeadlineMs: 30_000, maxRequests: 4_096, hedgeShare: 0.06 })

const NOBODY: ReadonlySet<string> = new Set()

/** Creates a dispatcher that knows nothing yet. */
export function createDispatcher(init: DispatcherInit): Dispatcher {
  const { market, clock = systemClock, random = systemRandom } = init
  const { defaultDeadlineMs, maxRequests, hedgeShare } = settleFrom('dispatcher', DEFAULTS, init)
  const knowledge = createKnowledge(settle('choice', DEFAULT_CHOICE_SETTINGS, init.choice))
  const settings = settle('request', DEFAULT_REQUEST_SETTINGS, init.request)
  const rttMs = init.rtt ?? (() => undefined)
  const draw = (): number => random.float()
  const cancellations = new Set<() => void>()
  const waiting = new Map<string, number>()
  let credit: NewcomerCredit = createNewcomerCredit(
    knowledge.settings.newcomerCredit,
    knowledge.settings.newcomerRefill,
  )
  let hedges = createHedgeBudget(hedgeShare, 16)
  let closed = false

  function pick(
    { model, work = model, payloadBytes = 0, fare }: Work,
    exclude: ReadonlySet<string>,
    strangersLast = false,
  ): Choice | undefined {
    return choose(knowledge, {
      hosts: market.hosts(model).values(),
      job: { model: work, payloadBytes, nowMs: clock.monotonicMs() },
      exclude,
      rttMs,
      isConnected: peerId => market.isConnected(peerId),
      strangersLast,
      fare,
      newcomers: hasCredit(credit),
      random: draw,
    })
  }

  function countHosts({ model, fare = freeOnly }: Work): number {
    const nowMs = clock.monotonicMs()
    let count = 0
    for (const { peerId, entry } of market.hosts(model).values()) {
      if (entry.diesAtMs > nowMs && fare(peerId, entry.offer.price) !== undefined) count++
    }
    return count
  }

  function sent(choice: Choice, nowMs: number): void {
    credit = choice.trial ? spendCredit(credit) : refillCredit(credit)
    beginRun(knowledge, choice.peerId, nowMs)
  }

  function ended(model: string, payloadBytes: number, end: AttemptEnd): void {
    const nowMs = clock.monotonicMs()
    const { choice, elapsedMs, status } = end
    const { peerId, prediction, declaredMs } = choice
    endRun(knowledge, peerId, end.sentAtMs)
    const answered = status === 'succeeded'
    if (status !== 'failed' && status !== 'cancelled')
      observe(
        knowledge,
        { peerId, model, payloadBytes, prediction, declaredMs, actualMs: elapsedMs, answered },
        nowMs,
      )
    if (answered) {
      forgive(knowledge, peerId, model, nowMs)
      if (choice.trial && elapsedMs <= prediction.tailMs) credit = earnCredit(credit)
      return
    }
    const late = status === 'timed-out' && elapsedMs > prediction.tailMs
    const verdict = end.verdict ?? (late ? TIMED_OUT : undefined)
    if (verdict === undefined || verdict.penalty === 0) return
    penalise(knowledge, peerId, verdict.scope === 'model' ? model : undefined, verdict.penalty, nowMs)
    if (verdict.unreachable) market.peerUnreachable(peerId)
  }

  async function dispatch<Result>(request: DispatchRequest<Result>): Promise<Dispatched<Result>> {
    if (closed) throw new SchedulerError('SCHEDULER_CLOSED', 'The dispatcher is closed; create another one.')
    if (cancellations.size >= maxRequests) throw tooMany(maxRequests)
    const { model, work = model, payloadBytes = 0 } = request
    const deadlineMs = request.deadlineMs ?? defaultDeadlineMs
    if (!(deadlineMs > 0 && deadlineMs <= LIMITS.deadlineMs)) throw badDeadline(deadlineMs)
    const abort = new AbortController()
    const cancel = (): void => abort.abort(request.signal?.reason)
    cancellations.add(cancel)
    if (request.signal?.aborted) cancel()
    request.signal?.addEventListener('abort', cancel, { once: true })
    hedges = addRequest(hedges)
    let isWaiting = false
    const waits = (by: 1 | -1): void => void waiting.set(model, (waiting.get(model) ?? 0) + by)
    try {
      return await carryRequest(
        {
          clock,
          settings,
          pick({ purpose, exclude, strangersLast }) {
            if (purpose === 'hedge' && !mayHedge(hedges)) return { choice: undefined, hosts: 1 }
            const choice = pick(request, exclude.length === 0 ? NOBODY : new Set(exclude), strangersLast)
            if (purpose === 'hedge' && choice !== undefined) hedges = takeHedge(hedges)
            return { choice, hosts: choice === undefined ? countHosts(request) : choice.alternatives + 1 }
          },
          sent,
          ended: end => ended(work, payloadBytes, end),
          demand() {
            if (!isWaiting) waits(1)
            isWaiting = true
            const { name = '', modelBytes: bytes = 0 } = request
            init.onDemand?.({ model, name, bytes, requests: waiting.get(model)! })
          },
          onHost: callback => market.onHost(host => host === model && callback()),
        },
        { ...request, deadlineMs, signal: abort.signal },
      )
    } finally {
      if (isWaiting) waits(-1)
      if (waiting.get(model) === 0) waiting.delete(model)
      cancellations.delete(cancel)
      request.signal?.removeEventListener('abort', cancel)
    }
  }

  return {
    dispatch,
    plan: work => pick(work, NOBODY),
    get pending() {
      return cancellations.size
    },
    close() {
      closed = true
      for (const cancel of [...cancellations]) cancel()
    },
  }
}

const tooMany = (maxRequests: number): SchedulerError =>
  new SchedulerError(
    'SCHEDULER_TOO_MANY_REQUESTS',
    `${maxRequests} requests are in progress already; wait for some of them to end.`,
    { details: { maxRequests } },
  )

const badDeadline = (deadlineMs: number): SchedulerError =>
  new SchedulerError(
    'SCHEDULER_BAD_ARGUMENT',
    `A deadline of ${deadlineMs} ms is none; give a number above 0, up to ${LIMITS.deadlineMs}.`,
    {
      details: { deadlineMs },
    },
  )
