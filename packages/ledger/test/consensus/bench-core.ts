import {
  type Beginning,
  begin,
  type ConsensusEvent,
  type ConsensusState,
  DEFAULT_SETTINGS,
  type Effect,
  firstBeginning,
  genesisSet,
  type Message,
  type Proposal,
  type Settings,
  step,
  type ValidatorId,
  type Vote,
  type VoteType,
  wholeCandidate,
} from '../../src/consensus/core/index.js'

/** Four validators of equal power: a proposes in round 0, b in round 1, and so on. Three are a quorum. */
export const FOUR = genesisSet(['a', 'b', 'c', 'd'].map(id => ({ id, power: 1n })))

/** A block of three parts, named by a number. */
export function blockOf(number: number, height = 1) {
  const headerHash = number.toString(16).padStart(64, '0')
  return wholeCandidate(height, headerHash, new Uint8Array(150).fill(number), 64)
}
export type Block = ReturnType<typeof blockOf>

/** Settings with small parts. */
export const SMALL_PARTS: Settings = {
  ...DEFAULT_SETTINGS,
  bounds: { ...DEFAULT_SETTINGS.bounds, partBytes: 64 },
}

const SIGNATURE = Uint8Array.of(1)

export function voteOf(
  type: VoteType,
  validator: ValidatorId,
  round: number,
  blockId: string,
  { height = 1, validRound = -1 } = {},
): Vote {
  return { type, height, round, blockId, validRound, validator, signature: SIGNATURE }
}

export function proposalOf(block: Block, round: number, validRound = -1, height = 1): Proposal {
  const { blockId, headerHash, partsRoot, parts } = block
  const proposer = 'abcd'[(round + height - 1) % 4]!
  const total = parts.length
  return { height, round, validRound, blockId, headerHash, partsRoot, total, proposer, signature: SIGNATURE }
}

/** One core on a test bench: its disk and application answer at once, and all that it asks for is kept. */
export interface BenchCore {
  readonly state: ConsensusState
  /** Everything asked for so far. */
  readonly effects: Effect[]
  /** Everything fed so far. */
  readonly events: ConsensusEvent[]
  /** Feeds an event and gives what it asked for, answers included. */
  feed(event: ConsensusEvent): Effect[]
  /** Feeds a proposal with all its parts. */
  propose(block: Block, round: number, validRound?: number): Effect[]
  /** Feeds votes of these validators. */
  vote(type: VoteType, validators: string, round: number, blockId: string, validRound?: number): Effect[]
  fire(kind: 'propose' | 'prevote' | 'precommit' | 'commit' | 'heartbeat'): Effect[]
}

export interface BenchInit {
  self?: ValidatorId | undefined
  settings?: Settings
  beginning?: Beginning
  /** What the application says of a block; valid and timely when left out. */
  judge?: (blockId: string) => { valid: boolean; timely: boolean }
  /** Whether messages are signed as soon as they are to be; true when left out. */
  signs?: boolean
}

/** A core at its beginning. */
export function benchCore({
  self = 'd',
  settings = SMALL_PARTS,
  beginning = firstBeginning(FOUR),
  judge = () => ({ valid: true, timely: true }),
  signs = true,
}: BenchInit = {}): BenchCore {
  const first = begin(beginning, { self, settings })
  let { state } = first
  const effects = [...first.effects]
  const events: ConsensusEvent[] = []

  function feed(event: ConsensusEvent): Effect[] {
    events.push(event)
    const stepped = step(state, event)
    state = stepped.state
    effects.push(...stepped.effects)
    const asked = [...stepped.effects]
    for (const effect of stepped.effects) {
      if (effect.type === 'persist' && signs)
        asked.push(...feed({ type: 'persisted', id: effect.id, signature: SIGNATURE }))
      if (effect.type === 'checkProposal') {
        const { height, blockId } = effect
        asked.push(...feed({ type: 'checked', height, blockId, ...judge(blockId) }))
      }
    }
    return asked
  }

  return {
    effects,
    events,
    feed,
    get state() {
      return state
    },
    propose(block, round, validRound = -1) {
      const proposal = proposalOf(block, round, validRound, state.height)
      const effects = feed({ type: 'proposal', proposal })
      return [...effects, ...block.parts.flatMap(part => feed({ type: 'part', part: part! }))]
    },
    vote(type, validators, round, blockId, validRound = -1) {
      const { height } = state
      return [...validators].flatMap(validator =>
        feed({ type: 'vote', vote: voteOf(type, validator, round, blockId, { height, validRound }) }),
      )
    },
    fire(kind) {
      const timeout = [...state.timers.values()].find(timer => timer.kind === kind)
      if (timeout === undefined) throw new Error(`no ${kind} timeout runs`)
      return feed({ type: 'timeout', timeout })
    },
  }
}

/** The votes among effects that leave, in words: `prevote 1/0 <block>`. */
export function said(effects: readonly Effect[]): string[] {
  return effects.flatMap(effect => (effect.type === 'broadcast' ? words(effect.message) : []))
}

function words(message: Message): string[] {
  if (message.type === 'vote') {
    const { type, round, blockId, validRound } = message.vote
    return [`${type} ${round} ${nameOf(blockId)}${validRound === -1 ? '' : ` since ${validRound}`}`]
  }
  if (message.type === 'proposal') {
    const { round, blockId, validRound } = message.proposal
    return [`proposal ${round} ${nameOf(blockId)}${validRound === -1 ? '' : ` since ${validRound}`}`]
  }
  return []
}

const NAMES = new Map([1, 2, 3].map(number => [blockOf(number).blockId, String(number)]))

function nameOf(blockId: string): string {
  return blockId === '' ? 'nil' : (NAMES.get(blockId) ?? 'another')
}

/** The effects of a type. */
export function ofType<Type extends Effect['type']>(
  effects: readonly Effect[],
  type: Type,
): Extract<Effect, { type: Type }>[] {
  return effects.filter((effect): effect is Extract<Effect, { type: Type }> => effect.type === type)
}
