export * from './core/choice/choose.js'
export type { Prediction } from './core/choice/predict.js'
export { type ChoiceSettings, DEFAULT_CHOICE_SETTINGS } from './core/choice/settings.js'
export * from './core/hosting/hosting.js'
export { stepHosting } from './core/hosting/stepHosting.js'
export type { UnmetDemand } from './core/market/demandTable.js'
export type { MarketSnapshot, ModelView } from './core/market/marketView.js'
export type { Host, OfferEntry, TableLimits } from './core/market/offerTable.js'
export { announceEveryMs, type Cadence, DEFAULT_CADENCE, offerLifetimeMs } from './core/offer/cadence.js'
export type { OfferLimits, Refusal } from './core/offer/checkOffer.js'
export type { Capability, Demand, HostedModel, Offer, Price } from './core/offer/offer.js'
export * from './core/request/failure.js'
export * from './core/request/request.js'
export { stepRequest } from './core/request/stepRequest.js'
export {
  createDispatcher,
  type Dispatcher,
  type DispatcherInit,
  type UnplacedRequests,
} from './dispatch/createDispatcher.js'
export type { AttemptReport, Dispatched, DispatchRequest, SendOptions } from './dispatch/dispatch.js'
export * from './errors.js'
export {
  createHosting,
  type Hosting,
  type HostingInit,
  type ModelStore,
  type PresentModel,
} from './hosting/createHosting.js'
export {
  type Announcer,
  type AnnouncerInit,
  createAnnouncer,
  type OfferContent,
} from './market/createAnnouncer.js'
export {
  type Acceptance,
  createMarket,
  type Market,
  type MarketInit,
  type SealedOffersQuery,
} from './market/createMarket.js'
export { sealDemand, sealOffer } from './market/sealed.js'
