import type { ModelSurvey, Prospect } from '../core/hosting/hosting.js'
import type { Market } from '../market/create-market.js'

/** The market as hosting wants it: models that are hosted or called for, and the nodes that could host them. */
export function surveyMarket(
  market: Pick<Market, 'snapshot' | 'hosts' | 'entries'>,
  price: (model: string) => number,
): { models: ModelSurvey[]; prospects: readonly Prospect[] } {
  const { models, demand } = market.snapshot()
  const views = new Map(models.map(view => [view.model, view]))
  const calls = new Map(demand.map(call => [call.model, call]))
  const surveys = [...new Set([...views.keys(), ...calls.keys()])].map((model): ModelSurvey => {
    const view = views.get(model)
    const call = calls.get(model)
    return {
      model,
      name: view?.name || call?.name || '',
      bytes: view?.bytes || call?.bytes || 0,
      hosts: [...market.hosts(model).keys()],
      utilisation: view?.utilisation ?? 0,
      inUse: (view?.loaded ?? 0) > 0,
      unmetDemand: call?.weight ?? 0,
      price: price(model),
    }
  })
  return { models: surveys, prospects: market.entries() }
}
