import type { SeededRandom } from '@neurovoyance/testing/network'
import type { SimClock } from './clock.ts'
import type { Weather } from './plan.ts'

/** Links between nodes: they lose, delay, reorder and duplicate, and may be cut. */
export interface SimNetwork {
  /** Delivers something from one node to another, or does not. */
  send(from: number, to: number, deliver: () => void): void
  /** Cuts the cluster into groups; a node's group is at its index. */
  cut(groups: readonly number[]): void
  /** Joins the groups again. */
  join(): void
  /** Joins all, for good: from now on messages come, within bounds. */
  heal(): void
  readonly counts: { sent: number; lost: number }
}

/** A network in this weather. */
export function createSimNetwork(clock: SimClock, random: SeededRandom, weather: Weather): SimNetwork {
  const counts = { sent: 0, lost: 0 }
  let groups: readonly number[] | undefined
  let now = weather

  function transit(deliver: () => void): void {
    const stray = random.chance(now.strays) ? random.float() * 1_000 : 0
    clock.after(now.latencyMs + random.float() * now.jitterMs + stray, deliver)
  }

  return {
    counts,
    send(from, to, deliver) {
      counts.sent++
      if ((groups !== undefined && groups[from] !== groups[to]) || random.chance(now.loss)) {
        counts.lost++
        return
      }
      transit(deliver)
      if (random.chance(now.duplication)) transit(deliver)
    },
    cut(next) {
      groups = next
    },
    join() {
      groups = undefined
    },
    heal() {
      groups = undefined
      now = { loss: 0.005, duplication: 0.01, latencyMs: 5, jitterMs: 10, strays: 0 }
    },
  }
}
