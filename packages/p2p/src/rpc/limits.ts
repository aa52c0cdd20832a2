/**
 * What one peer and one stream may cost this process; every field has a default. What one frame may be is in
 * protocol's `LIMITS`.
 */
export interface RpcLimits {
  /** Bytes of large messages that may be held at once, over all peers. */
  inFlightBytes: number
  /** Bytes of large messages that one peer may make this process hold at once. */
  inFlightBytesPerPeer: number
  /** Calls of one peer that may run here at once; more are refused with `P2P_LIMIT_EXCEEDED`. */
  concurrentCallsPerPeer: number
  /** Streams of one service that one connection may hold open towards this process. */
  inboundStreamsPerService: number
  /** Streams that this process opens at once to one peer for one service; more calls wait in line. */
  outboundStreamsPerService: number
  /** Calls to one peer that may wait for a stream; more are refused. */
  waitingCallsPerPeer: number
  /** Calls that one peer may start in a second, as a sustained rate with a burst of as many. */
  callsPerSecondPerPeer: number
  /** Messages of a both-way stream that wait for their reader before the sender is paused. */
  queuedMessages: number
  /** Bytes of messages of a both-way stream that wait for their reader before the sender is paused. */
  queuedBytes: number
  /** A unary call without its own timeout ends after this. */
  callTimeoutMs: number
  /** Header and body of a frame arrive within this after their first byte, or the stream is reset. */
  frameTimeoutMs: number
  /** Attachments arrive at least this fast, or the stream is reset. */
  attachmentBytesPerSecond: number
  /** A reader that takes nothing of what is sent to it for this long is reset. */
  writeStallMs: number
  /** An inbound stream without a call is closed after this. */
  idleInboundMs: number
  /** A pooled outbound stream is closed after this; shorter than `idleInboundMs`, so that the caller closes first. */
  idleOutboundMs: number
  /** Penalty points that close the connection to a peer. Points fade by one a second. */
  penaltyPoints: number
  /** Peers whose penalties are remembered. */
  rememberedPeers: number
}

/** The limits of a node unless its owner says otherwise. */
export const defaultRpcLimits: Readonly<RpcLimits> = Object.freeze({
  inFlightBytes: 1024 ** 3,
  inFlightBytesPerPeer: 512 * 1024 ** 2,
  concurrentCallsPerPeer: 128,
  inboundStreamsPerService: 128,
  outboundStreamsPerService: 64,
  waitingCallsPerPeer: 1024,
  callsPerSecondPerPeer: 20_000,
  queuedMessages: 64,
  queuedBytes: 8 * 1024 ** 2,
  callTimeoutMs: 60_000,
  frameTimeoutMs: 10_000,
  attachmentBytesPerSecond: 4096,
  writeStallMs: 30_000,
  idleInboundMs: 180_000,
  idleOutboundMs: 60_000,
  penaltyPoints: 100,
  rememberedPeers: 4096,
})
