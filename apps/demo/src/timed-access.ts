import { type ChainAccess, idOf } from '@neurovoyance/ledger'

/** A chain, and how long each transaction took that was given to it. */
export interface TimedAccess {
  readonly access: ChainAccess
  /** Milliseconds from giving the transaction to a node to knowing what the chain decided of it, in order. */
  readonly settledMs: readonly number[]
}

/** Watches how long transactions take from here: to a node, into a block, and back. */
export function timedAccess(access: ChainAccess): TimedAccess {
  const submittedMs = new Map<string, number>()
  const settledMs: number[] = []
  return {
    settledMs,
    access: {
      chainId: access.chainId,
      head: () => access.head(),
      get: keys => access.get(keys),
      async submit(bytes) {
        const beforeMs = performance.now()
        const id = await access.submit(bytes)
        submittedMs.set(idOf(id), beforeMs)
        return id
      },
      async settled(id, options) {
        const settlement = await access.settled(id, options)
        const beforeMs = submittedMs.get(idOf(id))
        if (beforeMs !== undefined) settledMs.push(performance.now() - beforeMs)
        submittedMs.delete(idOf(id))
        return settlement
      },
    },
  }
}
