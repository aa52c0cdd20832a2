import type { Candidate, Settings, ValidatorSet, ValidatorUpdate } from '@neurovoyance/ledger/consensus'
import type { SeededRandom } from '@neurovoyance/testing/network'
import type { SimClock } from './clock.ts'
import type { SimNetwork } from './network.ts'
import type { SimNode } from './node.ts'
import type { Oracle } from './oracle.ts'
import type { Plan } from './plan.ts'

/** What the nodes of a simulation live in. */
export interface World {
  readonly plan: Plan
  readonly clock: SimClock
  readonly network: SimNetwork
  readonly random: SeededRandom
  readonly oracle: Oracle
  readonly nodes: SimNode[]
  readonly genesis: ValidatorSet
  /** What sound nodes run by. */
  readonly settings: Settings
  /** Whether things go wrong yet. */
  chaos: boolean
  /** Every block that was ever built, by height and id. */
  readonly blocks: Map<number, Map<string, Candidate>>
  /** A sound node decides a height before all others. */
  onFirstDecision(index: number): void
  updatesAt(height: number): readonly ValidatorUpdate[]
  /** A signature that nobody else has: eight bytes. */
  sign(): Uint8Array
  /** Writes a line of the trace, if there is one. */
  readonly trace: ((who: string, what: string) => void) | undefined
}
