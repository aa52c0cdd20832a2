import { type Clock, type Random, systemClock, systemRandom } from '@neurovoyance/protocol'
import {
  createHostingState,
  DEFAULT_HOSTING_SETTINGS,
  type HeldModel,
  type HostingEffect,
  type HostingEvent,
  type HostingLimits,
  type HostingSettings,
} from '../core/hosting/hosting.js'
import { stepHosting } from '../core/hosting/step-hosting.js'
import type { Market } from '../market/create-market.js'
import { settle, settleFrom } from '../settings.js'
import { surveyMarket } from './survey-market.js'

/** Where models are kept; the node implements it over artifacts and its safety check. */
export interface ModelStore {
  /** Brings a model here, checked and ready to run; returns its size. */
  fetch(model: string, options: { name: string; signal: AbortSignal }): Promise<{ bytes: number }>
  /** Removes a model from this machine. */
  remove(model: string): Promise<void>
}

/** A model that is here already. */
export interface PresentModel {
  model: string
  name: string
  bytes: number
  pinned?: boolean
}

/** What hosting is made of. */
export interface HostingInit {
  /** This node. */
  peerId: string
  market: Pick<Market, 'snapshot' | 'hosts' | 'entries'>
  store: ModelStore
  limits: HostingLimits
  /** Models that are here at the start. */
  present?: readonly PresentModel[]
  /** What this node hosts has changed: let the announcer know. */
  onChange?: () => void
  /** A fetch or removal that failed; it is tried again later. */
  onError?: (model: string, error: unknown) => void
  /** What a run of a model pays; 1 for all when left out. */
  price?: (model: string) => number
  clock?: Clock
  random?: Random
  /** Time between looks at the market; 2 s when left out. */
  everyMs?: number
  settings?: Partial<HostingSettings>
}

/** A node's decisions on what it hosts, carried out. */
export interface Hosting {
  /** A person added a model: it is here and, unless said otherwise, pinned. */
  add(model: PresentModel): void
  pin(model: string, pinned?: boolean): void
  /** Removes a model, pinned or not. */
  remove(model: string): void
  /** A run of the model was made here. */
  used(model: string): void
  /** A peer asks to host a model; the fetch goes on after the answer. */
  request(model: { model: string; name: string; bytes: number }): { accepted: boolean; reason: string }
  /** Models here and on their way. */
  models(): HeldModel[]
  /** Looks at the market now instead of at the next turn. */
  survey(): void
  /** Stops looking and aborts what is being fetched. */
  close(): void
}

const DEFAULTS = Object.freeze({ everyMs: 2_000 })

/** Starts to look after the models of a node. */
export function createHosting(init: HostingInit): Hosting {
  const { clock = systemClock, random = systemRandom, price = () => 1 } = init
  const { everyMs } = settleFrom('hosting', DEFAULTS, init)
  const limits = settle('limits', { diskBytes: 0, memoryBytes: 0 }, init.limits)
  const settings = settle('hosting', DEFAULT_HOSTING_SETTINGS, init.settings)
  let state = createHostingState(init.peerId, limits, settings)
  let closed = false
  let stopTimer: (() => void) | undefined
  const fetches = new Map<string, AbortController>()

  function post(event: HostingEvent): HostingEffect[] {
    const step = stepHosting(state, event)
    state = step.state
    for (const effect of step.effects) apply(effect)
    return step.effects
  }

  function apply(effect: HostingEffect): void {
    if (effect.type === 'announce') init.onChange?.()
    if (effect.type === 'fetch') void fetch(effect.model, effect.name)
    if (effect.type === 'evict') evict(effect.model)
  }

  async function fetch(model: string, name: string): Promise<void> {
    const controller = new AbortController()
    fetches.set(model, controller)
    try {
      const { bytes } = await init.store.fetch(model, { name, signal: controller.signal })
      if (!controller.signal.aborted) post({ type: 'fetched', nowMs: clock.monotonicMs(), model, bytes })
    } catch (error) {
      if (controller.signal.aborted) return
      init.onError?.(model, error)
      post({ type: 'fetch-failed', nowMs: clock.monotonicMs(), model })
    } finally {
      if (fetches.get(model) === controller) fetches.delete(model)
    }
  }

  function evict(model: string): void {
    fetches.get(model)?.abort()
    init.store.remove(model).catch(error => init.onError?.(model, error))
  }

  function survey(): void {
    const nowMs = clock.monotonicMs()
    const { models, prospects } = surveyMarket(init.market, price)
    post({ type: 'survey', nowMs, models, prospects, jitter: random.float() })
  }

  function schedule(): void {
    stopTimer = clock.after(everyMs * (0.75 + 0.5 * random.float()), () => {
      if (closed) return
      survey()
      schedule()
    })
  }

  for (const model of init.present ?? [])
    post({ type: 'added', nowMs: clock.monotonicMs(), pinned: false, ...model })
  schedule()
  return {
    add: model => void post({ type: 'added', nowMs: clock.monotonicMs(), pinned: true, ...model }),
    pin: (model, pinned = true) => void post({ type: 'pinned', model, pinned }),
    remove: model => void post({ type: 'removed', model }),
    used: model => void post({ type: 'used', nowMs: clock.monotonicMs(), model }),
    request(model) {
      const effects = post({ type: 'asked', nowMs: clock.monotonicMs(), ...model })
      const answer = effects.find(effect => effect.type === 'answer')!
      return { accepted: answer.accepted, reason: answer.reason }
    },
    models: () => [...state.held.values()],
    survey,
    close() {
      closed = true
      stopTimer?.()
      for (const controller of fetches.values()) controller.abort()
    },
  }
}
