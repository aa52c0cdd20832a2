import type { SeededRandom } from './seeded-random.js'

/** How a connection behaves. */
export interface LinkFaults {
  /** One-way delay. */
  latencyMs: number
  /** Added to the delay, at random from 0 up to this; messages may overtake each other. */
  jitterMs: number
  /** Probability that a message is lost. */
  loss: number
  /** Probability that a message arrives twice. */
  duplication: number
}

/** A link without faults, 1 ms long. */
export const PERFECT_LINK: LinkFaults = Object.freeze({ latencyMs: 1, jitterMs: 0, loss: 0, duplication: 0 })

/** Delays after which copies of one message arrive; none where it is lost. */
export function drawArrivals(link: LinkFaults, random: SeededRandom): number[] {
  const arrivals: number[] = []
  const copies = random.chance(link.duplication) ? 2 : 1
  for (let copy = 0; copy < copies; copy++)
    if (!random.chance(link.loss)) arrivals.push(link.latencyMs + random.float() * link.jitterMs)
  return arrivals
}

/** Which nodes can reach which. */
export interface Partitions {
  /** Splits the network: nodes reach only those of their own group; nodes in no group form one together. */
  split(groups: readonly (readonly string[])[]): void
  heal(): void
  connects(a: string, b: string): boolean
}

/** A whole network. */
export function createPartitions(): Partitions {
  let groupOf = new Map<string, number>()
  return {
    split(groups) {
      groupOf = new Map(groups.flatMap((group, index) => group.map((id): [string, number] => [id, index])))
    },
    heal: () => groupOf.clear(),
    connects: (a, b) => groupOf.get(a) === groupOf.get(b),
  }
}
