import type { Host } from '../market/offer-table.js'
import type { Price } from '../offer/offer.js'
import { decayedValue } from './decay.js'
import type { Knowledge } from './knowledge.js'
import { type Job, look, type Prediction, predict, type Sight } from './predict.js'

/** The node that was chosen, and what is expected of it. */
export interface Choice {
  peerId: string
  prediction: Prediction
  /** Median that the node declared; 0 where it declared none. */
  declaredMs: number
  /** Whether the node was tried as a newcomer although a proven one was there. */
  trial: boolean
  /** Other nodes that could have been chosen. */
  alternatives: number
  /** Whether we are connected to the node. */
  connected: boolean
  /** Other nodes that could have been chosen, that we are connected to, and that did nothing wrong lately. */
  connectedAlternatives: number
}

/** What the work costs at a node, in the smallest unit of money; `undefined` where it is not to be asked. */
export type Fare = (peerId: string, price: Price | undefined) => bigint | undefined

/** What a choice is made from. */
export interface ChoiceInput {
  hosts: Iterable<Host>
  job: Job
  /** Peers that must not be chosen. */
  exclude: ReadonlySet<string>
  rttMs(peerId: string): number | undefined
  /** Whether we are connected to a peer. An offer without a connection may be of nobody. */
  isConnected(peerId: string): boolean
  /** Whether strangers are asked only where no node is left that we are connected to. */
  strangersLast?: boolean
  /** What the work costs at each node. Left out, free nodes alone are asked. */
  fare?: Fare | undefined
  /** Whether newcomers may be tried beside proven nodes. */
  newcomers: boolean
  /** Numbers in [0, 1). */
  random(): number
}

interface Candidate {
  sight: Sight
  prediction: Prediction
  /** What the node has done wrong lately. */
  penalty: number
  /** Predicted time, stretched by what the node has done wrong lately. */
  costMs: number
  /** What the work costs there. */
  fare: bigint
}

/** A penalty of this much keeps a node out until it has decayed. */
const EXCLUDING_PENALTY = 1

/** How often a punished node that we are connected to is preferred to strangers, which may be nobody. */
const SECOND_CHANCE = 0.5

/** Share of a session's start that the first run on a node is charged with under load. */
const START_SHARE = 0.2

/**
 * Chooses a node by predicted completion time. Among those that are about as good as the best, two are drawn
 * at random, better ones more often, and the better of the two wins (the power of two choices; Mitzenmacher
 * 2001): clients that all read the same old offers do not all run to the same node. Where they ask different prices,
 * the cheaper of the two wins: nobody waits noticeably longer for a lower price, and nobody pays more for nothing.
 */
export function choose(knowledge: Knowledge, input: ChoiceInput): Choice | undefined {
  const found = gather(knowledge, input)
  const pool = preferConnected(found, knowledge, input)
  const proven = pool.some(candidate => candidate.prediction.proven)
  const newcomers = proven && pool.some(candidate => !candidate.prediction.proven)
  const eligible = newcomers ? admit(pool, knowledge, input) : pool
  const chosen = drawOfTwo(nearBest(eligible, knowledge), input.random)
  if (chosen === undefined) return undefined
  const { sight, prediction } = chosen
  return {
    peerId: sight.host.peerId,
    prediction,
    declaredMs: (sight.host.hosted.p50Us ?? 0) / 1000,
    trial: proven && !prediction.proven,
    alternatives: found.alternatives - 1,
    connected: input.isConnected(sight.host.peerId),
    connectedAlternatives: found.connected.filter(candidate => candidate !== chosen).length,
  }
}

/**
 * Offers are cheap to make and a stranger's may be of nobody: where peers that we are connected to can take the
 * run at once, strangers get the share of exploration only. One that answers is connected from then on. Where
 * all those peers are being punished, they share the runs with strangers that never answered.
 */
function preferConnected(
  { pool, connected, outcast }: Gathered,
  { settings }: Knowledge,
  input: ChoiceInput,
): Candidate[] {
  const best = cheapest(connected)
  if (best !== undefined) {
    if (input.strangersLast) return connected
    if (connected.length === pool.length || isBusy(best)) return pool
    return input.random() < settings.explorationShare ? pool : connected
  }
  if (outcast === undefined || pool.some(({ prediction }) => prediction.proven)) return pool
  return pool.length === 0 || input.random() < SECOND_CHANCE ? [outcast] : pool
}

/** Who could be asked. */
interface Gathered {
  /** Live candidates that are not being punished; where there are none, the stranger that has the least left to serve. */
  pool: Candidate[]
  /** Those of them that we are connected to. */
  connected: Candidate[]
  /** The one that has the least left to serve of those that we are connected to. */
  outcast: Candidate | undefined
  /** How many are alive. */
  alternatives: number
}

function gather(knowledge: Knowledge, input: ChoiceInput): Gathered {
  const { job, fare: fareOf = freeOnly } = input
  const pool: Candidate[] = []
  const connected: Candidate[] = []
  let outcast: Candidate | undefined
  let outcastStranger: Candidate | undefined
  let alternatives = 0
  for (const host of input.hosts) {
    if (host.entry.diesAtMs <= job.nowMs || input.exclude.has(host.peerId)) continue
    const fare = fareOf(host.peerId, host.entry.offer.price)
    if (fare === undefined) continue
    alternatives++
    const sight = look(knowledge, host, job, input.rttMs(host.peerId))
    const penalty = penaltyOf(sight, knowledge, job.nowMs)
    const isConnected = input.isConnected(host.peerId)
    const leastPunished = isConnected ? outcast : outcastStranger
    if (penalty >= Math.max(EXCLUDING_PENALTY, leastPunished?.penalty ?? Number.POSITIVE_INFINITY)) continue
    const prediction = predict(knowledge, sight, job)
    const candidate = { sight, prediction, penalty, costMs: prediction.totalMs * (1 + 2 * penalty), fare }
    if (penalty < EXCLUDING_PENALTY) {
      pool.push(candidate)
      if (isConnected) connected.push(candidate)
    } else if (isConnected) outcast = candidate
    else outcastStranger = candidate
  }
  if (pool.length === 0 && outcastStranger !== undefined) {
    const isLeast = outcast === undefined || outcastStranger.penalty < outcast.penalty
    if (isLeast) return { pool: [outcastStranger], connected, outcast: undefined, alternatives }
  }
  return { pool, connected, outcast, alternatives }
}

/** Whoever cannot pay passes over what is not free. */
export const freeOnly: Fare = (_, price) => ((price?.scheme || 'free') === 'free' ? 0n : undefined)

function penaltyOf(sight: Sight, knowledge: Knowledge, nowMs: number): number {
  if (sight.peer === undefined) return 0
  const halfLifeMs = knowledge.settings.penaltyHalfLifeMs
  const ofModel = sight.model === undefined ? 0 : decayedValue(sight.model.penalty, nowMs, halfLifeMs)
  return decayedValue(sight.peer.penalty, nowMs, halfLifeMs) + ofModel
}

/**
 * Where both kinds are there: newcomers stay out without credit; with it, now and then one is preferred that
 * would be better than what we have, were its claim true.
 */
function admit(pool: Candidate[], knowledge: Knowledge, input: ChoiceInput): Candidate[] {
  if (!input.newcomers) return pool.filter(candidate => candidate.prediction.proven)
  if (input.random() >= knowledge.settings.explorationShare) return pool
  const bestMs = cheapest(pool.filter(candidate => candidate.prediction.proven))!.costMs
  const promising = pool.filter(candidate => !candidate.prediction.proven && promisedMs(candidate) < bestMs)
  return promising.length > 0 ? promising : pool
}

/** When a run would be done if the node were free and as fast as it says. */
function promisedMs({ sight, prediction }: Candidate): number {
  const { rttMs, transferMs, coldMs, serviceMs } = prediction
  return rttMs + transferMs + coldMs + Math.min(serviceMs, (sight.host.hosted.p50Us ?? 0) / 1000)
}

function nearBest(pool: Candidate[], knowledge: Knowledge): Candidate[] {
  const best = cheapest(pool)
  if (best === undefined) return []
  if (isBusy(best)) for (const candidate of pool) investInStart(candidate)
  const bestMs = cheapest(pool)!.costMs
  const limitMs = Math.max(bestMs * knowledge.settings.nearFactor, bestMs + knowledge.settings.nearMs)
  return pool.filter(candidate => candidate.costMs <= limitMs)
}

function cheapest(pool: Candidate[]): Candidate | undefined {
  let best: Candidate | undefined
  for (const candidate of pool) if (best === undefined || candidate.costMs < best.costMs) best = candidate
  return best
}

/** Whether a run would wait longer than it takes. */
const isBusy = ({ prediction }: Candidate): boolean =>
  prediction.congestionMs + prediction.ownWaitMs > prediction.serviceMs

/** Where even the best node is busy, a session's start is counted in small part: later runs will use it too. */
function investInStart(candidate: Candidate): void {
  candidate.costMs -= candidate.prediction.coldMs * (1 - START_SHARE)
}

function drawOfTwo(near: Candidate[], random: () => number): Candidate | undefined {
  if (near.length < 2) return near[0]
  const first = draw(near, random())
  const second = draw(near, random())
  if (second.fare !== first.fare) return second.fare < first.fare ? second : first
  return second.costMs < first.costMs ? second : first
}

/** Draws one candidate with a weight of 1 / cost. */
function draw(near: Candidate[], at: number): Candidate {
  let total = 0
  for (const { costMs } of near) total += 1 / costMs
  let left = at * total
  for (const candidate of near) {
    left -= 1 / candidate.costMs
    if (left < 0) return candidate
  }
  return near[near.length - 1]!
}
