import { TIMED_OUT, type Verdict } from './failure.js'
import type {
  Attempt,
  AttemptStatus,
  Outcome,
  Proposal,
  Purpose,
  RequestEffect,
  RequestEvent,
  RequestState,
  RequestStep,
} from './request.js'

/**
 * Carries one request through: tries a node, gives up on it in time for another, hedges the tail with one
 * more, waits for a host where there is none, and settles exactly once, at the deadline at the latest.
 *
 * Hedging after Dean & Barroso, "The Tail at Scale", CACM 56 (2013): the second copy is sent when the first
 * has taken longer than nearly all runs of its kind do, and the loser is cancelled.
 */
export function stepRequest(state: RequestState, event: RequestEvent): RequestStep {
  if (state.phase === 'settled') return { state, effects: [] }
  if (event.type === 'cancelled') return settle(state, { type: 'cancelled' }, event.nowMs, [])
  if (event.type === 'succeeded') return succeed(state, event.attempt, event.nowMs)
  if (event.nowMs >= state.deadlineAtMs) return expire(state, event.nowMs)
  switch (event.type) {
    case 'start':
      return withWake(state, [{ type: 'pick', purpose: 'first', exclude: [] }])
    case 'picked':
      return event.proposal === undefined
        ? declined(state, event.purpose, event.hosts, event.nowMs)
        : send(state, event.purpose, event.proposal, event.nowMs)
    case 'failed':
      return fail(state, event.attempt, event.verdict, event.code, event.nowMs)
    case 'hosts-changed':
      return state.phase === 'waiting' ? resume(state) : { state, effects: [] }
    case 'tick':
      return tick(state, event.nowMs)
  }
}

/** Attempts that are still out. */
const running = (state: RequestState): Attempt[] =>
  state.attempts.filter(attempt => attempt.status === 'running')

function send(state: RequestState, purpose: Purpose, proposal: Proposal, nowMs: number): RequestStep {
  const timeoutMs = attemptTimeoutMs(state, proposal, nowMs)
  const attempt: Attempt = {
    id: state.attempts.length,
    peerId: proposal.peerId,
    purpose,
    sentAtMs: nowMs,
    timeoutAtMs: nowMs + timeoutMs,
    predictedMs: proposal.predictedMs,
    status: 'running',
  }
  const hedges =
    proposal.known && proposal.alternatives > 0 && !state.attempts.some(a => a.purpose === 'hedge')
  const next: RequestState = {
    ...state,
    phase: 'running',
    attempts: [...state.attempts, attempt],
    hedgeAtMs:
      hedges && purpose !== 'hedge'
        ? nowMs + Math.max(state.settings.minHedgeMs, proposal.tailMs)
        : undefined,
    resumeAtMs: undefined,
  }
  return withWake(next, [{ type: 'send', attempt: attempt.id, peerId: proposal.peerId, timeoutMs }])
}

/** All the time that is left, unless giving up sooner leaves enough for another node. */
function attemptTimeoutMs(state: RequestState, proposal: Proposal, nowMs: number): number {
  const { settings } = state
  const leftMs = state.deadlineAtMs - nowMs
  if (proposal.alternatives === 0) return leftMs
  if (!proposal.known) return leftMs / 2
  const patienceMs =
    Math.max(settings.minTimeoutMs, proposal.tailMs * settings.timeoutFactor) * 2 ** state.failures
  const reservedMs = leftMs - Math.min(leftMs / 2, proposal.tailMs)
  return Math.min(patienceMs, reservedMs)
}

function succeed(state: RequestState, id: number, nowMs: number): RequestStep {
  const winner = state.attempts[id]
  if (winner?.status !== 'running') return { state, effects: [] }
  return settle(mark(state, id, 'succeeded', nowMs), { type: 'answered', attempt: id }, nowMs, [])
}

function fail(
  state: RequestState,
  id: number,
  verdict: Verdict,
  code: string | undefined,
  nowMs: number,
): RequestStep {
  if (state.attempts[id]?.status !== 'running') return { state, effects: [] }
  const failed = mark(state, id, 'failed', nowMs, code)
  const settled =
    verdict.remedy === 'give-up' || (verdict.remedy === 'second-opinion' && isConfirmed(failed, id))
  if (settled) return settle(failed, { type: 'refused', attempt: id }, nowMs, [])
  return goOn(countFailure(failed, verdict), nowMs, [])
}

/** Whether an earlier attempt failed as this one did; on another node, where there is one that was not asked. */
const isConfirmed = (state: RequestState, id: number): boolean =>
  state.attempts.some(({ code }, other) => other !== id && code === state.attempts[id]!.code)

const countFailure = (state: RequestState, verdict: Verdict): RequestState =>
  verdict.remedy === 'later' ? state : { ...state, failures: state.failures + 1 }

/** After an attempt ended badly: its hedge goes on alone, or another node is tried, or that was the last. */
function goOn(state: RequestState, nowMs: number, effects: RequestEffect[]): RequestStep {
  if (running(state).length > 0) return withWake({ ...state, hedgeAtMs: undefined }, effects)
  const { maxFailures, maxAttempts } = state.settings
  if (state.failures >= maxFailures || state.attempts.length >= maxAttempts)
    return settle(state, { type: 'all-failed' }, nowMs, effects)
  const exclude = [...new Set(state.attempts.map(attempt => attempt.peerId))]
  return withWake({ ...state, phase: 'choosing', hedgeAtMs: undefined }, [
    ...effects,
    { type: 'pick', purpose: 'retry', exclude },
  ])
}

/** No node to ask: a hedge is let go; otherwise the request pauses, and calls for the model where nobody hosts it. */
function declined(state: RequestState, purpose: Purpose, hosts: number, nowMs: number): RequestStep {
  if (purpose === 'hedge') return withWake({ ...state, hedgeAtMs: undefined }, [])
  const { backoffMs, demandEveryMs } = state.settings
  const demands =
    hosts === 0 && (state.demandedAtMs === undefined || nowMs - state.demandedAtMs >= demandEveryMs)
  const pauseMs = hosts === 0 ? demandEveryMs : backoffMs * 2 ** Math.min(4, state.pauses)
  const next: RequestState = {
    ...state,
    phase: 'waiting',
    pauses: state.pauses + 1,
    resumeAtMs: nowMs + pauseMs,
    demandedAtMs: demands ? nowMs : state.demandedAtMs,
  }
  return withWake(next, demands ? [{ type: 'demand' }] : [])
}

/** Tries again after a pause; nodes that failed before may be asked again, their penalties speak for themselves. */
function resume(state: RequestState): RequestStep {
  const purpose = state.attempts.length === 0 ? 'first' : 'retry'
  return withWake({ ...state, phase: 'choosing', resumeAtMs: undefined }, [
    { type: 'pick', purpose, exclude: [] },
  ])
}

function tick(state: RequestState, nowMs: number): RequestStep {
  if (state.phase === 'waiting') return nowMs >= state.resumeAtMs! ? resume(state) : { state, effects: [] }
  let next = state
  const effects: RequestEffect[] = []
  for (const attempt of running(state)) {
    if (attempt.timeoutAtMs > nowMs) continue
    next = countFailure(mark(next, attempt.id, 'timed-out', nowMs), TIMED_OUT)
    effects.push({ type: 'abort', attempt: attempt.id, reason: 'timeout' })
  }
  if (effects.length > 0) return goOn(next, nowMs, effects)
  if (state.hedgeAtMs === undefined || nowMs < state.hedgeAtMs) return { state, effects: [] }
  const exclude = state.attempts.map(attempt => attempt.peerId)
  return withWake({ ...state, hedgeAtMs: undefined }, [{ type: 'pick', purpose: 'hedge', exclude }])
}

function expire(state: RequestState, nowMs: number): RequestStep {
  if (running(state).length > 0) return settle(state, { type: 'deadline' }, nowMs, [])
  return settle(state, { type: state.attempts.length === 0 ? 'no-node' : 'all-failed' }, nowMs, [])
}

const STOPPED = {
  answered: { status: 'lost', reason: 'lost' },
  refused: { status: 'lost', reason: 'lost' },
  'no-node': { status: 'cancelled', reason: 'cancelled' },
  'all-failed': { status: 'cancelled', reason: 'cancelled' },
  deadline: { status: 'timed-out', reason: 'deadline' },
  cancelled: { status: 'cancelled', reason: 'cancelled' },
} as const

/** Ends the request and everything that is still out. */
function settle(state: RequestState, outcome: Outcome, nowMs: number, effects: RequestEffect[]): RequestStep {
  const { status, reason } = STOPPED[outcome.type]
  let next = state
  const aborts: RequestEffect[] = []
  for (const attempt of running(state)) {
    next = mark(next, attempt.id, status, nowMs)
    aborts.push({ type: 'abort', attempt: attempt.id, reason })
  }
  const settled: RequestState = { ...next, phase: 'settled', hedgeAtMs: undefined, resumeAtMs: undefined }
  return {
    state: { ...settled, wakeAtMs: undefined },
    effects: [...effects, ...aborts, { type: 'settle', outcome }],
  }
}

function mark(
  state: RequestState,
  id: number,
  status: AttemptStatus,
  endedAtMs: number,
  code?: string,
): RequestState {
  const ended = { ...state.attempts[id]!, status, endedAtMs, ...(code === undefined ? {} : { code }) }
  return { ...state, attempts: state.attempts.with(id, ended) }
}

function withWake(state: RequestState, effects: RequestEffect[]): RequestStep {
  let wakeAtMs = state.deadlineAtMs
  if (state.hedgeAtMs !== undefined) wakeAtMs = Math.min(wakeAtMs, state.hedgeAtMs)
  if (state.resumeAtMs !== undefined) wakeAtMs = Math.min(wakeAtMs, state.resumeAtMs)
  for (const attempt of running(state)) wakeAtMs = Math.min(wakeAtMs, attempt.timeoutAtMs)
  return { state: { ...state, wakeAtMs }, effects }
}
