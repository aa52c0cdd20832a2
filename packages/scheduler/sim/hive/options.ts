/** One simulated hive. */
export interface HiveOptions {
  seed: number | string
  nodes: number
  clients: number
  models: number
  /** Virtual seconds. */
  seconds: number
  /** Requests a second, over all clients. */
  requestsPerSecond: number
  deadlineMs: number
  /** Share of requests that may be hedged. */
  hedgeShare: number
  /** `hive`: our dispatcher. `ideal`: sees every queue as it is. `random`: any host. */
  placement: 'hive' | 'ideal' | 'random'
  /** Shares of nodes that behave badly. */
  liars: number
  slow: number
  mute: number
  /** Mean life of a node before it crashes, in seconds; 0 for no churn. */
  meanLifeSeconds: number
  /** Whether a region is cut off for a while. */
  partition: boolean
  /** Whether nodes decide what they host; otherwise every node hosts every model from the start. */
  hosting: boolean
  /** Seconds after which a model that nobody hosts is asked for. */
  newModelAtSeconds: number
}

/** A hive with everything that can go wrong. */
export const ROUGH: Omit<HiveOptions, 'seed'> = {
  nodes: 300,
  clients: 20,
  models: 12,
  seconds: 60,
  requestsPerSecond: 300,
  deadlineMs: 5_000,
  hedgeShare: 0.06,
  placement: 'hive',
  liars: 0.05,
  slow: 0.05,
  mute: 0.01,
  meanLifeSeconds: 120,
  partition: true,
  hosting: true,
  newModelAtSeconds: 15,
}

/** A hive where nothing goes wrong, to look at the choice of nodes alone. */
export const CALM: Omit<HiveOptions, 'seed'> = {
  ...ROUGH,
  nodes: 40,
  clients: 20,
  models: 1,
  seconds: 30,
  requestsPerSecond: 1_000,
  liars: 0,
  slow: 0,
  mute: 0,
  meanLifeSeconds: 0,
  partition: false,
  hosting: false,
  newModelAtSeconds: 0,
}
