const MiB = 1024 * 1024

/** Limits of the reference node, beside those of the wire in `@neurovoyance/protocol`. */
export const NODE_LIMITS = {
  /** Body of one request to the HTTP gateway. */
  gatewayBodyBytes: 1024 * MiB,
  /** Requests with a body that the gateway works on at a time. */
  gatewayInFlight: 256,
  /** Their bodies together. */
  gatewayInFlightBytes: 2048 * MiB,
  /** One file given to `nv infer`. */
  inputFileBytes: 1024 * MiB,
  /** Longest deadline of a request through the gateway. */
  deadlineMs: 3_600_000,
  /** Deadline of a request that names none. */
  defaultDeadlineMs: 60_000,
  /** Nodes that an account is looked through for: this one, and peers. */
  chainNodes: 64,
  /** Listeners to the chain's events at a time. */
  chainListeners: 64,
  /** A comment tells listeners that they are still connected. */
  chainHeartbeatMs: 15_000,
  /** The longest that one request waits for a transaction to be in a block. */
  chainWaitMs: 60_000,
} as const
