import {
  contentOf,
  type Effect,
  type Evidence,
  isAmnesia,
  isDoubleVote,
  isEvidence,
  type Message,
  type Position,
  positionKey,
  positionOf,
  type Rules,
  type Unsigned,
  type ValidatorSet,
  type Vote,
} from '@neurovoyance/ledger/consensus'
import { isValidBlock } from './block.ts'
import type { NodePlan } from './plan.ts'

type Decision = Extract<Effect, { type: 'decide' }>

/** Sees everything, and says what must never have happened. */
export interface Oracle {
  readonly violations: string[]
  /** The chain, by height. */
  readonly decided: Map<number, string>
  readonly counts: { doubleVotes: number; amnesias: number; lostBlocks: number; highestRound: number }
  onDecide(node: NodePlan, decision: Decision, validators: ValidatorSet): void
  /** A sound validator's own message leaves his machine. */
  onLeave(node: NodePlan, message: Message, safe: Unsigned | undefined): void
  onEvidence(node: NodePlan, evidence: Evidence): void
  /** Which evidence a node has to have given, when it has counted this vote too. */
  expectEvidence(seen: SeenVotes, vote: Vote): void
  /** Whether it gave it. */
  checkEvidence(node: NodePlan, seen: SeenVotes): void
  violate(what: string): void
}

/** What a node has counted since it was started, and the evidence that it gave: height/validator/type. */
export interface SeenVotes {
  readonly byValidator: Map<string, Vote[]>
  readonly given: Set<string>
  readonly due: string[]
}

/** Nothing seen. */
export function seesNothing(given: Set<string>): SeenVotes {
  return { byValidator: new Map(), given, due: [] }
}

/** What an oracle looks for. */
export interface OracleInit {
  nodes: readonly NodePlan[]
  /** The quorum that commits need to have; theirs, so that one that is broken on purpose shows as a fork. */
  isQuorum: Rules['isQuorum']
  /** Whether only forks count: two blocks decided at one height. */
  forksOnly: boolean
}

/** An oracle for a cluster. */
export function createOracle({ nodes, isQuorum, forksOnly }: OracleInit): Oracle {
  const violations: string[] = []
  const decided = new Map<number, string>()
  const counts = { doubleVotes: 0, amnesias: 0, lostBlocks: 0, highestRound: 0 }
  const faulty = new Set(nodes.filter(({ isFaulty }) => isFaulty).map(({ id }) => id))
  const said = new Map<string, string>()
  const violate = (what: string): void => {
    if (!forksOnly || what.startsWith('agreement')) violations.push(what)
  }

  return {
    violations,
    decided,
    counts,
    violate,
    onDecide({ id }, { height, round, blockId, headerHash, bytes, commit }, validators) {
      counts.highestRound = Math.max(counts.highestRound, round)
      const other = decided.get(height)
      if (other !== undefined && other !== blockId)
        violate(`agreement: ${id} decided ${blockId.slice(0, 6)} at ${height}, others ${other.slice(0, 6)}`)
      if (other === undefined) {
        decided.set(height, blockId)
        if (!isValidBlock(height, headerHash, bytes)) violate(`validity: ${id} decided an invalid block`)
      }
      const voters = new Set(commit.signatures.map(({ validator }) => validator))
      const power = [...voters].reduce(
        (sum, voter) => sum + (validators.validators[validators.indexOf.get(voter) ?? -1]?.power ?? 0n),
        0n,
      )
      if (!isQuorum(power, validators.totalPower) || commit.blockId !== blockId)
        violate(`commit: ${id} decided ${height} without a quorum`)
    },
    onLeave({ id }, message, safe) {
      const unsigned = ownMessage(message)
      if (unsigned === undefined) return
      const key = `${id}/${positionKey(positionOf(unsigned))}`
      const content = contentOf(unsigned)
      const before = said.get(key)
      if (before !== undefined && before !== content)
        violate(`double sign: ${id} said ${before} and ${content}`)
      said.set(key, content)
      if (safe === undefined || isBefore(positionOf(safe), positionOf(unsigned)))
        violate(`too soon: ${id} said ${content} before it was safe on disk`)
    },
    onEvidence({ id }, evidence) {
      if (!isEvidence(evidence)) violate(`evidence: ${id} gave evidence that proves nothing`)
      if (!faulty.has(evidence.validator))
        violate(`evidence: ${id} accused ${evidence.validator}, who is sound`)
      if (evidence.type === 'double-vote') counts.doubleVotes++
      else counts.amnesias++
    },
    expectEvidence({ byValidator, due }, vote) {
      const { height, validator } = vote
      const key = `${height}/${validator}`
      const votes = byValidator.get(key) ?? []
      byValidator.set(key, [...votes, vote])
      const isFirst = !votes.some(({ type, round }) => type === vote.type && round === vote.round)
      if (votes.some(other => isDoubleVote(other, vote))) due.push(`${key}/double-vote`)
      else if (isFirst && votes.some(other => isAmnesia(other, vote) || isAmnesia(vote, other)))
        due.push(`${key}/amnesia`)
    },
    checkEvidence({ id }, { given, due }) {
      for (const key of due.splice(0))
        if (!given.has(key) && !given.has(key.replace('amnesia', 'double-vote')))
          violate(`evidence: ${id} saw ${key} and did not say so`)
    },
  }
}

function ownMessage(message: Message): Unsigned | undefined {
  if (message.type === 'vote') return { kind: 'vote', ...message.vote }
  if (message.type === 'proposal') return { kind: 'proposal', ...message.proposal }
  return undefined
}

function isBefore(a: Position, b: Position): boolean {
  return a.height < b.height || (a.height === b.height && a.round < b.round)
}
