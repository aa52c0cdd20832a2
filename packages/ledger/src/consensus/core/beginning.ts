import { NIL, type ValidatorId, type Vote } from './message.js'
import { rotate, withUpdates } from './rotation.js'
import type { Settings } from './settings.js'
import type { ConsensusState } from './state.js'
import type { ValidatorSet, ValidatorUpdate } from './validators.js'
import { emptyRounds } from './votes/rounds.js'

/** What a height begins with; with the events since, it gives the core's state. */
export interface Beginning {
  height: number
  /** Who decides this height, before its first turn. */
  validators: ValidatorSet
  /** Who decides the next height, before its first turn. */
  nextValidators: ValidatorSet
  /** Precommits that decided the height before, as far as they are here; none at the first height. */
  lastPrecommits: readonly Vote[]
  /** Who decided the height before; absent at the first height. */
  lastValidators?: ValidatorSet
  /** Whether a block is due at once. */
  wanted: boolean
}

/** What the height after a decision begins with. `precommits` decided it, `updates` are what its block did. */
export function nextBeginning(
  { height, validators, nextValidators }: Pick<Beginning, 'height' | 'validators' | 'nextValidators'>,
  precommits: readonly Vote[],
  updates: readonly ValidatorUpdate[],
  wanted: boolean,
): Beginning {
  return {
    height: height + 1,
    validators: nextValidators,
    nextValidators: withUpdates(rotate(nextValidators).set, updates),
    lastPrecommits: precommits,
    lastValidators: validators,
    wanted,
  }
}

/** What the first height begins with. */
export function firstBeginning(validators: ValidatorSet, height = 1): Beginning {
  return { height, validators, nextValidators: rotate(validators).set, lastPrecommits: [], wanted: true }
}

/** Who runs the core. */
export interface Identity {
  /** Absent for one that follows without a vote. */
  self?: ValidatorId | undefined
  settings: Settings
}

/** The state at the beginning of a height. */
export function stateAt(beginning: Beginning, { self, settings }: Identity): ConsensusState {
  const { height, validators, nextValidators, lastPrecommits, lastValidators, wanted } = beginning
  return {
    self,
    settings,
    height,
    round: -1,
    step: 'new-height',
    validators,
    nextValidators,
    lastValidators,
    turn: { set: validators, proposers: [] },
    rested: false,
    wanted,
    lock: { round: -1, blockId: NIL },
    valid: { round: -1, blockId: NIL },
    rounds: emptyRounds(height, validators, settings.bounds, settings.rules),
    candidates: new Map(),
    orphans: [],
    building: undefined,
    unsaid: new Map(),
    own: new Map(),
    remembered: undefined,
    commit: undefined,
    decided: false,
    timers: new Map(),
    lastPrecommits: new Map(lastPrecommits.map(vote => [vote.validator, vote])),
    previous: undefined,
    early: { proposal: undefined, parts: [], votes: new Map() },
    accused: new Map(),
  }
}
