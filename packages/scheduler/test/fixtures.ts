import type { HostedModel, Offer } from '../src/index.js'

/** A model's CID, valid in form. */
export const MODEL = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

/** A hosted model, loaded and idle. */
export const hosted = (changes: Partial<HostedModel> = {}): HostedModel => ({
  model: MODEL,
  name: 'model',
  loaded: true,
  p50Us: 10_000,
  bytes: 1_000,
  inFlight: 0,
  ...changes,
})

/** An offer of 10 s that hosts `MODEL`, good in every respect. */
export const offerOf = (peerId: string, changes: Partial<Offer> = {}): Offer => ({
  peerId,
  sequence: 1,
  issuedAtMs: 1_767_225_600_000,
  expiresAtMs: 1_767_225_610_000,
  region: '',
  queueDepth: 0,
  slots: 1,
  models: [hosted()],
  ...changes,
})
