/** How much a node says, hears and keeps of each peer. Times in milliseconds. */
export interface GossipSettings {
  /** Consensus messages that wait for one peer; older ones go first. */
  waitingMessages: number
  /** Parts of blocks that wait for one peer. */
  waitingParts: number
  /** Bytes of transactions that wait for one peer. */
  waitingTransactionBytes: number
  /** Transactions of one peer that wait to be checked. */
  uncheckedTransactions: number
  /** Transactions of one peer that are refused between two blocks, before nothing more that it offers is read. */
  refusedTransactions: number
  /** New transactions are collected for so long before they leave together. */
  batchMs: number
  /** What a peer may send in a second; beyond it is read more slowly. */
  messagesPerSecond: number
  bytesPerSecond: number
  /** How often a node looks whether its height goes on; where it does not, it asks for what it lacks. */
  stallMs: number
  /** The longest time between two such questions. */
  maxStallMs: number
  /** Parts in one answer to a peer. */
  answerParts: number
  /** The shortest time between two answers to one peer. */
  answerMs: number
  /** A stream that broke is opened again after this, doubled each time. */
  retryMs: number
  maxRetryMs: number
  /** How long a peer that said what cannot be is left alone; doubled each time. */
  penaltyMs: number
  maxPenaltyMs: number
}

export const DEFAULT_GOSSIP_SETTINGS: GossipSettings = Object.freeze({
  waitingMessages: 1_024,
  waitingParts: 256,
  waitingTransactionBytes: 4 * 1024 ** 2,
  uncheckedTransactions: 4_096,
  refusedTransactions: 1_024,
  batchMs: 10,
  messagesPerSecond: 4_000,
  bytesPerSecond: 64 * 1024 ** 2,
  stallMs: 500,
  maxStallMs: 10_000,
  answerParts: 16,
  answerMs: 100,
  retryMs: 500,
  maxRetryMs: 30_000,
  penaltyMs: 60_000,
  maxPenaltyMs: 3_600_000,
})
