/** The last sequence of peers whose offers are gone: for a while, and for a bounded number of them. */
export interface SequenceMemory {
  remember(peerId: string, sequence: number, nowMs: number): void
  last(peerId: string, nowMs: number): number | undefined
  forget(peerId: string): void
}

/** A memory of at most `maxPeers` peers, each for `memoryMs`; the oldest goes first. */
export function createSequenceMemory(maxPeers: number, memoryMs: number): SequenceMemory {
  const memory = new Map<string, { sequence: number; untilMs: number }>()
  return {
    remember(peerId, sequence, nowMs) {
      memory.delete(peerId)
      if (memory.size >= maxPeers) memory.delete(memory.keys().next().value!)
      memory.set(peerId, { sequence, untilMs: nowMs + memoryMs })
    },
    last(peerId, nowMs) {
      const remembered = memory.get(peerId)
      if (remembered === undefined) return undefined
      if (remembered.untilMs > nowMs) return remembered.sequence
      memory.delete(peerId)
      return undefined
    },
    forget: peerId => void memory.delete(peerId),
  }
}
