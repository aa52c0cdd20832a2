import { decayedValue } from '../choice/decay.js'
import type {
  HeldModel,
  HostingEffect,
  HostingEvent,
  HostingState,
  HostingStep,
  ModelSurvey,
  Prospect,
} from './hosting.js'
import { rendezvousHash, rendezvousRank } from './rendezvous.js'
import { wantedReplicas } from './replicas.js'
import { heldBytes, makeRoom, worth } from './space.js'

type Survey = Extract<HostingEvent, { type: 'survey' }>

/**
 * Decides what this node hosts, without asking anybody: every node sees about the same market, ranks itself
 * among the nodes for each model that needs hosts, and acts if its rank says so; those behind wait for those
 * before them. So a model called for gets a few hosts, not one and not all.
 */
export function stepHosting(state: HostingState, event: HostingEvent): HostingStep {
  switch (event.type) {
    case 'survey':
      return survey(state, event)
    case 'asked':
      return asked(state, event)
    case 'added':
      return hold(state, { ...event, status: 'ready', sinceMs: event.nowMs, usage: { value: 0, atMs: 0 } })
    case 'fetched':
      return fetched(state, event.model, event.bytes, event.nowMs)
    case 'fetch-failed':
      return fetchFailed(state, event.model, event.nowMs)
    case 'used':
      return used(state, event.model, event.nowMs)
    case 'pinned': {
      const held = state.held.get(event.model)
      return held === undefined ? still(state) : still(withHeld(state, { ...held, pinned: event.pinned }))
    }
    case 'removed':
      return state.held.has(event.model)
        ? {
            state: without(state, event.model),
            effects: [{ type: 'evict', model: event.model }, { type: 'announce' }],
          }
        : still(state)
  }
}

const still = (state: HostingState): HostingStep => ({ state, effects: [] })

/** Looks at every model of the market that this node does not hold, most worth first. */
function survey(state: HostingState, event: Survey): HostingStep {
  const surveys = new Map(event.models.map(model => [model.model, model]))
  const intentions = new Map<string, number>()
  for (const model of event.models) {
    const dueAtMs = state.held.has(model.model) ? undefined : intend(state, model, event)
    if (dueAtMs !== undefined) intentions.set(model.model, dueAtMs)
  }
  const failures = new Map([...state.failures].filter(([model]) => surveys.has(model)))
  let next: HostingState = { ...state, intentions, failures }
  const effects: HostingEffect[] = []
  const due = event.models
    .filter(model => (intentions.get(model.model) ?? Number.POSITIVE_INFINITY) <= event.nowMs)
    .sort((a, b) => worthOf(b) - worthOf(a) || (a.model < b.model ? -1 : 1))
  for (const model of due) {
    const step = fetch(next, model, surveys, event.nowMs)
    next = step.state
    effects.push(...step.effects)
  }
  return { state: next, effects }
}

/** When this node would fetch a model; `undefined` where it need not. */
function intend(state: HostingState, model: ModelSurvey, event: Survey): number | undefined {
  const { settings } = state
  if (!fitsMemory(state.limits.memoryBytes, model.bytes, settings.memoryFactor)) return undefined
  const failure = state.failures.get(model.model)
  if (failure !== undefined && failure.untilMs > event.nowMs) return undefined
  const missing = wantedReplicas(model, event.prospects.length + 1, settings) - model.hosts.length
  if (missing <= 0) return undefined
  const hosts = new Set(model.hosts)
  const self = { hash: rendezvousHash(state.self) }
  const rank = rendezvousRank(
    model.model,
    self,
    event.prospects,
    other => !hosts.has(other.peerId) && isAble(other, model.bytes, settings.memoryFactor),
  )
  const behind = rank < missing ? 0 : rank - missing + 1
  const waitMs = behind === 0 ? 0 : behind * settings.patienceMs + model.bytes / settings.fetchBytesPerMs
  const dueAtMs = event.nowMs + event.jitter * settings.jitterMs + waitMs
  return Math.min(dueAtMs, state.intentions.get(model.model) ?? Number.POSITIVE_INFINITY)
}

const fitsMemory = (memoryBytes: number, bytes: number, factor: number): boolean =>
  bytes * factor <= memoryBytes

const isAble = (prospect: Prospect, bytes: number, factor: number): boolean =>
  prospect.memoryBytes === 0 || fitsMemory(prospect.memoryBytes, bytes, factor)

/** What one more replica would earn: unanswered calls, and the load beyond what its hosts should carry. */
const worthOf = (model: ModelSurvey): number =>
  worth(model.unmetDemand + model.hosts.length * model.utilisation, model.price, model.bytes)

function fetch(
  state: HostingState,
  model: { model: string; name: string; bytes: number },
  surveys: ReadonlyMap<string, ModelSurvey>,
  nowMs: number,
): HostingStep {
  const fetching = [...state.held.values()].filter(held => held.status === 'fetching').length
  if (fetching >= state.settings.maxFetches) return still(state)
  const known = surveys.get(model.model)
  const gone = makeRoom(state, model.bytes, known === undefined ? 0 : worthOf(known), surveys, nowMs)
  if (gone === undefined) return still(state)
  let next = state
  for (const victim of gone) next = without(next, victim)
  const { name, bytes } = model
  const effects: HostingEffect[] = gone.map(victim => ({ type: 'evict', model: victim }))
  if (gone.length > 0) effects.push({ type: 'announce' })
  next = withHeld(next, {
    model: model.model,
    name,
    bytes,
    pinned: false,
    status: 'fetching',
    sinceMs: nowMs,
    usage: { value: 0, atMs: nowMs },
  })
  return { state: next, effects: [...effects, { type: 'fetch', model: model.model, name, bytes }] }
}

/** A direct request is met where there is room without putting anything out: asking costs nothing, so it buys nothing. */
function asked(state: HostingState, event: Extract<HostingEvent, { type: 'asked' }>): HostingStep {
  const answer = (accepted: boolean, reason: string, step: HostingStep = still(state)): HostingStep => ({
    state: step.state,
    effects: [...step.effects, { type: 'answer', accepted, reason }],
  })
  if (state.held.has(event.model)) return answer(true, 'already here')
  if (!fitsMemory(state.limits.memoryBytes, event.bytes, state.settings.memoryFactor))
    return answer(false, 'the model needs more memory than this node gives to models')
  if (heldBytes(state) + event.bytes > state.limits.diskBytes)
    return answer(false, 'no room on the disk that this node gives to models')
  const step = fetch(state, event, new Map(), event.nowMs)
  return step.effects.length > 0
    ? answer(true, '', step)
    : answer(false, 'busy fetching other models; ask again later')
}

function fetched(state: HostingState, model: string, bytes: number, nowMs: number): HostingStep {
  const held = state.held.get(model)
  if (held?.status !== 'fetching') return still(state)
  const ready = withHeld(state, { ...held, bytes, status: 'ready', sinceMs: nowMs })
  const failures = new Map(state.failures)
  failures.delete(model)
  if (heldBytes(ready) <= state.limits.diskBytes)
    return { state: { ...ready, failures }, effects: [{ type: 'announce' }] }
  // It turned out larger than the call said.
  return { state: refuse(without(ready, model), model, nowMs), effects: [{ type: 'evict', model }] }
}

function fetchFailed(state: HostingState, model: string, nowMs: number): HostingStep {
  if (state.held.get(model)?.status !== 'fetching') return still(state)
  return still(refuse(without(state, model), model, nowMs))
}

/** Leaves a model alone for a while, longer each time. */
function refuse(state: HostingState, model: string, nowMs: number): HostingState {
  const count = (state.failures.get(model)?.count ?? 0) + 1
  const untilMs = nowMs + state.settings.failureBackoffMs * 2 ** Math.min(6, count - 1)
  return { ...state, failures: new Map(state.failures).set(model, { count, untilMs }) }
}

function used(state: HostingState, model: string, nowMs: number): HostingStep {
  const held = state.held.get(model)
  if (held === undefined) return still(state)
  const value = decayedValue(held.usage, nowMs, state.settings.usageHalfLifeMs) + 1
  return still(withHeld(state, { ...held, usage: { value, atMs: nowMs } }))
}

function hold(state: HostingState, event: HeldModel & { type?: string }): HostingStep {
  const { model, name, bytes, pinned, status, sinceMs, usage } = event
  const held = withHeld(state, { model, name, bytes, pinned, status, sinceMs, usage })
  return { state: held, effects: [{ type: 'announce' }] }
}

const withHeld = (state: HostingState, held: HeldModel): HostingState => ({
  ...state,
  held: new Map(state.held).set(held.model, held),
})

function without(state: HostingState, model: string): HostingState {
  const held = new Map(state.held)
  held.delete(model)
  return { ...state, held }
}
