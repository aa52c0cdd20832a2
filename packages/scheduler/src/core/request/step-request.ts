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
 * Offers are cheap to make, and a stranger's may be of nobody. So the only node that we are connected to is never
 * given up for strangers: when it is late, they are asked beside it, one after the other. Strangers that are
 * silent do not use the request up.
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
        ? declined(state, event.hosts, event.nowMs)
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
    connected: proposal.connected,
    ...(isOnlyPeer(proposal) &&
      proposal.alternatives > 0 && { doubtAtMs: nowMs + patienceMs(state, proposal, nowMs) }),
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

/** Whether a node is connected to us and no other one is that could be asked. */
const isOnlyPeer = (proposal: Proposal): boolean => proposal.connected && proposal.connectedAlternatives === 0

/** All the time that is left, unless giving up sooner leaves enough for another node. */
function attemptTimeoutMs(state: RequestState, proposal: Proposal, nowMs: number): number {
  return proposal.alternatives === 0 || isOnlyPeer(proposal)
    ? state.deadlineAtMs - nowMs
    : patienceMs(state, proposal, nowMs)
}

/** How long a node may take before another one is asked. */
function patienceMs(state: RequestState, proposal: Proposal, nowMs: number): number {
  const { minTimeoutMs, timeoutFactor } = state.settings
  const leftMs = state.deadlineAtMs - nowMs
  if (!proposal.known) return leftMs / 2
  const patientMs = Math.max(minTimeoutMs, proposal.tailMs * timeoutFactor) * 2 ** state.doublings
  const reservedMs = proposal.connected ? Math.min(leftMs / 2, proposal.tailMs) : leftMs / 2
  return Math.min(patientMs, leftMs - reservedMs)
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
  return goOn(countFailure(failed, id, verdict), nowMs, [])
}

/** Whether an earlier attempt failed as this one did; on another node, where there is one that was not asked. */
const isConfirmed = (state: RequestState, id: number): boolean =>
  state.attempts.some(({ code }, other) => other !== id && code === state.attempts[id]!.code)

function countFailure(
  state: RequestState,
  id: number,
  { remedy, silent, unreachable }: Verdict,
): RequestState {
  const attempt = state.attempts[id]!
  if (remedy === 'later') return state
  const doublings = state.doublings + (unreachable ? 0 : 1)
  if (attempt.connected || !silent) return { ...state, failures: state.failures + 1, doublings }
  return { ...state, doublings, attempts: state.attempts.with(id, { ...attempt, vain: true }) }
}

/** After an attempt ended badly or is late: what is still out goes on, or another node is tried, or that was the last. */
function goOn(state: RequestState, nowMs: number, effects: RequestEffect[]): RequestStep {
  const out = running(state)
  const { maxFailures, maxAttempts } = state.settings
  const isUsedUp = state.failures >= maxFailures || state.attempts.length >= maxAttempts
  if (out.some(({ doubted }) => !doubted) || (isUsedUp && out.length > 0))
    return withWake({ ...state, hedgeAtMs: undefined }, effects)
  if (isUsedUp) return settle(state, { type: 'all-failed' }, nowMs, effects)
  return withWake({ ...state, phase: 'choosing', hedgeAtMs: undefined }, [...effects, retry(state)])
}

/**
 * Who was asked is not asked again before the others. After a silent stranger, whoever is connected comes first, and
 * may be asked again: one wrong belief is enough.
 */
function retry({ attempts }: RequestState): RequestEffect {
  const isVain = attempts.findLast(({ status }) => status !== 'running')?.vain
  const asked = isVain ? attempts.filter(({ vain, status }) => vain || status === 'running') : attempts
  const exclude = [...new Set(asked.map(({ peerId }) => peerId))]
  return { type: 'pick', purpose: 'retry', exclude, ...(isVain && { strangersLast: true }) }
}

/** No node to ask: what is out goes on alone; otherwise the request pauses, and calls for the model where nobody hosts it. */
function declined(state: RequestState, hosts: number, nowMs: number): RequestStep {
  if (running(state).length > 0) return withWake({ ...state, phase: 'running', hedgeAtMs: undefined }, [])
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
    if (attempt.timeoutAtMs <= nowMs) {
      next = countFailure(mark(next, attempt.id, 'timed-out', nowMs), attempt.id, TIMED_OUT)
      effects.push({ type: 'abort', attempt: attempt.id, reason: 'timeout' })
    } else if (doubtDueMs(attempt) <= nowMs) next = doubt(next, attempt)
  }
  if (next !== state) return goOn(next, nowMs, effects)
  if (state.hedgeAtMs === undefined || nowMs < state.hedgeAtMs) return { state, effects: [] }
  const exclude = state.attempts.map(attempt => attempt.peerId)
  return withWake({ ...state, hedgeAtMs: undefined }, [{ type: 'pick', purpose: 'hedge', exclude }])
}

/** When an attempt is late enough to ask strangers beside it, if that is still to come. */
const doubtDueMs = ({ doubtAtMs, doubted }: Attempt): number =>
  doubtAtMs === undefined || doubted ? Number.POSITIVE_INFINITY : doubtAtMs

const doubt = (state: RequestState, attempt: Attempt): RequestState => ({
  ...state,
  doublings: state.doublings + 1,
  attempts: state.attempts.with(attempt.id, { ...attempt, doubted: true }),
})

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
  for (const attempt of running(state))
    wakeAtMs = Math.min(wakeAtMs, attempt.timeoutAtMs, doubtDueMs(attempt))
  return { state: { ...state, wakeAtMs }, effects }
}
