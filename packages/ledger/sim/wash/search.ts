import { createSeededRandom } from '@neurovoyance/testing/network'
import { holesIn } from './holes.ts'
import { type Played, play } from './play.ts'
import { drawRules, type Rules } from './rules.ts'
import { drawStrategy, type Strategy, varied } from './strategy.ts'

/** The best that a search came to. */
export interface Found {
  readonly seed: number
  readonly rules: Rules
  readonly strategy: Strategy
  readonly best: Played
  /** What the rules were not meant to allow; nothing where they hold. */
  readonly holes: readonly string[]
  /** Strategies that were played. */
  readonly played: number
  /** Moves that had an effect, of all strategies, by kind. */
  readonly made: Readonly<Record<string, number>>
}

/** How long a search goes on. */
export interface SearchInit {
  readonly drawn?: number
  readonly varied?: number
}

/**
 * Searches for a strategy of paying oneself that gains: draws some, keeps the best, and varies it. As long as none
 * gains, the best is the one that loses least of what it washes: doing nothing would lose nothing and lead nowhere.
 */
export function search(
  seed: number,
  given?: Rules,
  { drawn = 10, varied: changes = 30 }: SearchInit = {},
): Found {
  const random = createSeededRandom(`wash ${seed}`)
  const rules = given ?? drawRules(random)
  const made: Record<string, number> = {}
  const holes = new Set<string>()
  let strategy: Strategy = []
  let best: Played | undefined
  for (let round = 0; round < drawn + changes; round++) {
    const next = round < drawn ? drawStrategy(random) : varied(strategy, random)
    const played = play(rules, next)
    for (const [kind, times] of Object.entries(played.made)) made[kind] = (made[kind] ?? 0) + times
    for (const hole of holesIn(rules, played)) holes.add(hole)
    if (best !== undefined && merit(played) < merit(best)) continue
    best = played
    strategy = next
  }
  return { seed, rules, strategy, best: best!, holes: [...holes], played: drawn + changes, made }
}

/** How good a strategy is: by what it gains, or else by how little it loses of what it washes. */
function merit({ gain, washed }: Played): number {
  if (washed === 0n) return Number.NEGATIVE_INFINITY
  return gain > 0n ? Number(gain) : Number(gain) / Number(washed)
}
