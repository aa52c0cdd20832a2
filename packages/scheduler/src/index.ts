export { type Choice, type Fare, freeOnly } from './core/choice/choose.js'
export type { Prediction } from './core/choice/predict.js'
export { type ChoiceSettings, DEFAULT_CHOICE_SETTINGS } from './core/choice/settings.js'
export {
  createHostingState,
  DEFAULT_HOSTING_SETTINGS,
  type HeldModel,
  type HostingEffect,
  type HostingEvent,
  type HostingLimits,
  type HostingSettings,
  type HostingState,
  type HostingStep,
  type ModelSurvey,
  type Prospect,
} from './core/hosting/hosting.js'
export { rendezvousHash } from './core/hosting/rendezvous.js'
export { stepHosting } from './core/hosting/step-hosting.js'
export {
  type DemandLimits,
  demandFor,
  type UnmetDemand,
  type UnplacedRequests,
} from './core/market/demand-table.js'
export type { MarketSnapshot, ModelView } from './core/market/market-view.js'
export type { Host, OfferEntry, TableLimits } from './core/market/offer-table.js'
export { announceEveryMs, type Cadence, DEFAULT_CADENCE, offerLifetimeMs } from './core/offer/cadence.js'
export type { OfferLimits, Refusal } from './core/offer/check-offer.js'
export type { Capability, Demand, HostedModel, Offer, Price } from './core/offer/offer.js'
export { judge, type Remedy, type Verdict } from './core/request/failure.js'
export {
  type Attempt,
  type AttemptStatus,
  createRequest,
  DEFAULT_REQUEST_SETTINGS,
  type Outcome,
  type Proposal,
  type Purpose,
  type RequestEffect,
  type RequestEvent,
  type RequestSettings,
  type RequestState,
  type RequestStep,
} from './core/request/request.js'
export { stepRequest } from './core/request/step-request.js'
export { createDispatcher, type Dispatcher, type DispatcherInit } from './dispatch/create-dispatcher.js'
export type { AttemptReport, Dispatched, DispatchRequest, SendOptions, Work } from './dispatch/dispatch.js'
export { SchedulerError, type SchedulerErrorCode } from './errors.js'
export {
  createHosting,
  type Hosting,
  type HostingInit,
  type ModelStore,
  type PresentModel,
} from './hosting/create-hosting.js'
export {
  type Announcer,
  type AnnouncerInit,
  createAnnouncer,
  type OfferContent,
} from './market/create-announcer.js'
export {
  type Acceptance,
  createMarket,
  type Market,
  type MarketInit,
  type SealedOffersQuery,
} from './market/create-market.js'
export type { IntakeLimits } from './market/intake.js'
export { sealDemand, sealOffer } from './market/sealed.js'
