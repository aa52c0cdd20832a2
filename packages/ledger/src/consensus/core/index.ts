/** Tendermint as a pure function, and the pure parts of what goes around it. */

export { isStale } from './algorithm/restore.js'
export { type Beginning, firstBeginning, type Identity, nextBeginning } from './beginning.js'
export { type Candidate, wholeCandidate } from './blocks/candidate.js'
export { blockIdOf, hashParts, isPartOf } from './blocks/merkle.js'
export type { Effect } from './effect.js'
export type { ConsensusEvent } from './event.js'
export { type Evidence, isAmnesia, isDoubleVote, isEvidence } from './evidence.js'
export { answer, type RoundSummary, type Summary, summarise, type TallySummary } from './exchange.js'
export {
  type BlockId,
  type Commit,
  commitOf,
  type Message,
  NIL,
  type Part,
  type Proposal,
  type Unsigned,
  type ValidatorId,
  type Vote,
  type VoteType,
  votesOf,
} from './message.js'
export { comparePositions, type Position, positionKey, positionOf, type SignedStep } from './position.js'
export { proposerOf } from './proposer.js'
export { type Found, type Recovery, recover } from './recover.js'
export { replay, resume } from './replay.js'
export { genesisSet, rotate, withUpdates } from './rotation.js'
export { exceedsThird, type Lock, type Rules, SOUND_RULES } from './rules.js'
export { type Bounds, DEFAULT_SETTINGS, PART_BYTES, type Settings, type Timeouts } from './settings.js'
export {
  afterSigning,
  askSigner,
  contentOf,
  type Signed,
  type SignerDecision,
  type SignerState,
} from './signer.js'
export type { ConsensusState, Step } from './state.js'
export { begin, type Stepped, step } from './step.js'
export { delayMs, type Timeout } from './timeout.js'
export { type Validator, type ValidatorSet, type ValidatorUpdate, validatorSet } from './validators.js'
export { wants } from './wants.js'
