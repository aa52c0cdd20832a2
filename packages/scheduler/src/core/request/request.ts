import type { Verdict } from './failure.js'

/** Why an attempt is made. */
export type Purpose = 'first' | 'retry' | 'hedge'

/** How an attempt stands. */
export type AttemptStatus = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'lost' | 'cancelled'

/** One try on one node. */
export interface Attempt {
  readonly id: number
  readonly peerId: string
  readonly purpose: Purpose
  readonly sentAtMs: number
  readonly timeoutAtMs: number
  readonly predictedMs: number
  /** Whether we were connected to the node when it was asked. */
  readonly connected: boolean
  /** When strangers are asked beside the only node that we are connected to; absent where the attempt is given up. */
  readonly doubtAtMs?: number
  /** Whether that time has come. */
  readonly doubted?: true
  /** Whether a stranger was silent: there may be no such node. */
  readonly vain?: true
  readonly status: AttemptStatus
  readonly endedAtMs?: number
  /** Error code of a failed attempt. */
  readonly code?: string
}

/** The node that is proposed for an attempt. */
export interface Proposal {
  peerId: string
  predictedMs: number
  /** Time by which nearly every run of this kind is done. */
  tailMs: number
  /** Whether anybody knows how long the run takes. */
  known: boolean
  /** Other nodes that could be asked. */
  alternatives: number
  /** Whether we are connected to the node: an offer without a connection may be of nobody. */
  connected: boolean
  /** Other nodes that could be asked and that we are connected to. */
  connectedAlternatives: number
}

/** How a request is carried through. */
export interface RequestSettings {
  /** Attempts that may fail before the request does; busy nodes and silent strangers do not count. */
  maxFailures: number
  /** Attempts of any kind. */
  maxAttempts: number
  /** A node that has not answered after this many times the predicted tail is given up, if time is left for another. */
  timeoutFactor: number
  /** No attempt is given up sooner than this. */
  minTimeoutMs: number
  /** No hedge is sent sooner than this after its attempt. */
  minHedgeMs: number
  /** First pause when every node is busy; it doubles, up to 16 times. */
  backoffMs: number
  /** A call for the model is repeated this often while nobody hosts it. */
  demandEveryMs: number
}

export const DEFAULT_REQUEST_SETTINGS: RequestSettings = Object.freeze({
  maxFailures: 5,
  maxAttempts: 32,
  timeoutFactor: 3,
  minTimeoutMs: 1_000,
  minHedgeMs: 4,
  backoffMs: 50,
  demandEveryMs: 3_000,
})

/** One request, from its arrival until it is settled. */
export interface RequestState {
  readonly settings: RequestSettings
  readonly phase: 'choosing' | 'running' | 'waiting' | 'settled'
  readonly startedAtMs: number
  readonly deadlineAtMs: number
  readonly attempts: readonly Attempt[]
  /** Failures so far that count. */
  readonly failures: number
  /** How often the patience with nodes has been doubled. */
  readonly doublings: number
  /** Pauses made because all nodes were busy or tried. */
  readonly pauses: number
  /** When a hedge is due; absent once it was sent or found not worth it. */
  readonly hedgeAtMs: number | undefined
  /** When waiting: try again then, even if no new host appears. */
  readonly resumeAtMs: number | undefined
  readonly demandedAtMs: number | undefined
  /** When the next `tick` is wanted. */
  readonly wakeAtMs: number | undefined
}

/** What happens to a request. */
export type RequestEvent =
  | { type: 'start'; nowMs: number }
  /** The answer to a `pick` effect; without a proposal where no node can be asked. `hosts` counts live ones. */
  | { type: 'picked'; nowMs: number; purpose: Purpose; proposal: Proposal | undefined; hosts: number }
  | { type: 'succeeded'; nowMs: number; attempt: number }
  | { type: 'failed'; nowMs: number; attempt: number; verdict: Verdict; code?: string }
  /** A host of the model appeared. */
  | { type: 'hosts-changed'; nowMs: number }
  | { type: 'tick'; nowMs: number }
  | { type: 'cancelled'; nowMs: number }

/** How a request ends. */
export type Outcome =
  | { type: 'answered'; attempt: number }
  /** The error of this attempt is the request's: no other node would do better. */
  | { type: 'refused'; attempt: number }
  | { type: 'no-node' }
  | { type: 'deadline' }
  | { type: 'all-failed' }
  | { type: 'cancelled' }

/** What the caller has to do. */
export type RequestEffect =
  /** Choose a node and answer with `picked`; `strangersLast` prefers whoever is connected, however busy. */
  | { type: 'pick'; purpose: Purpose; exclude: readonly string[]; strangersLast?: true }
  | { type: 'send'; attempt: number; peerId: string; timeoutMs: number }
  /** Stop an attempt; `silent` is how long it had not answered. */
  | { type: 'abort'; attempt: number; reason: 'timeout' | 'lost' | 'cancelled' | 'deadline' }
  /** Tell the network that the model is wanted. */
  | { type: 'demand' }
  | { type: 'settle'; outcome: Outcome }

/** A state and what follows from it. */
export interface RequestStep {
  state: RequestState
  effects: RequestEffect[]
}

/** A request that has not started. */
export function createRequest(
  nowMs: number,
  deadlineMs: number,
  settings: RequestSettings = DEFAULT_REQUEST_SETTINGS,
): RequestState {
  return {
    settings,
    phase: 'choosing',
    startedAtMs: nowMs,
    deadlineAtMs: nowMs + deadlineMs,
    attempts: [],
    failures: 0,
    doublings: 0,
    pauses: 0,
    hedgeAtMs: undefined,
    resumeAtMs: undefined,
    demandedAtMs: undefined,
    wakeAtMs: undefined,
  }
}
