import type {
  Candidate,
  ConsensusEvent,
  ConsensusState,
  Message,
  Settings,
  Summary,
  ValidatorSet,
  ValidatorUpdate,
} from '@neurovoyance/ledger/consensus'
import type { SeededRandom } from '@neurovoyance/testing/network'
import type { SimClock } from './clock.ts'
import type { SimNetwork } from './network.ts'
import type { Oracle } from './oracle.ts'
import type { NodePlan, Plan } from './plan.ts'

/** A machine that runs the core: its disk, its timers, its peers. What the real one does, on virtual time. */
export interface SimNode {
  readonly index: number
  readonly plan: NodePlan
  readonly isUp: boolean
  /** It will not start again: its signer's state is older than its log. */
  readonly hasGivenUp: boolean
  readonly state: ConsensusState
  readonly counts: { crashes: number; restored: number; damages: number }
  start(): void
  crash(): void
  /** Something for the core, from this machine or, verified, from another. */
  feed(event: ConsensusEvent): void
  /** A message from a peer. */
  hear(from: number, message: Message): void
  /** A peer says what it has; it gets what it lacks. */
  hearSummary(from: number, summary: Summary): void
  /** Tells a peer what this node has. */
  exchangeWith(peer: number): void
  /** Transactions wait. */
  addTransactions(): void
}

/** What an unsound node does instead of the sound one. */
export interface Temper {
  /** Says something to everybody, or whatever it likes. */
  speak(node: SimNode, message: Message): void
  /** Whether the node is to take notice of a message. */
  hear(node: SimNode, from: number, message: Message): boolean
}

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
