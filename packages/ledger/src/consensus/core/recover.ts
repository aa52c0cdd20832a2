import { isStale } from './algorithm/restore.js'
import type { Beginning, Identity } from './beginning.js'
import type { Effect } from './effect.js'
import type { ConsensusEvent } from './event.js'
import { replay, resume } from './replay.js'
import type { SignerState } from './signer.js'
import type { ConsensusState } from './state.js'
import { step } from './step.js'

/** What a validator finds on its disk when it starts. */
export interface Found {
  /** What the height after the last stored block begins with. */
  expected: Beginning
  /** The log, as far as it can be read; it may be of a height that is over. */
  log: { beginning: Beginning; events: readonly ConsensusEvent[] } | undefined
  signer: SignerState
}

/** How a validator goes on. */
export type Recovery =
  | {
      type: 'ready'
      state: ConsensusState
      /** To be carried out. */
      effects: readonly Effect[]
      /** What the log is to begin anew with, where it is not of this height. */
      begin: Beginning | undefined
      /** To be appended to the log. */
      events: readonly ConsensusEvent[]
      /** How many own messages the log had lost and the signer brought back. */
      restored: number
    }
  /** The signer's state is older than the log: whoever started now might sign twice. */
  | { type: 'stale' }

/** Goes on where the log ends, or where the signer is, if that is further. */
export function recover({ expected, log, signer }: Found, identity: Identity): Recovery {
  const isOfThisHeight = log?.beginning.height === expected.height
  const beginning = isOfThisHeight ? log.beginning : expected
  const replayed = replay(beginning, identity, isOfThisHeight ? log.events : [])
  if (isStale(signer, replayed)) return { type: 'stale' }
  const events: ConsensusEvent[] = signer === undefined ? [] : [{ type: 'restored', signed: signer }]
  const known = replayed.own.size
  const state = events.reduce((before, event) => step(before, event).state, replayed)
  return {
    type: 'ready',
    state,
    effects: resume(state),
    begin: isOfThisHeight ? undefined : expected,
    events,
    restored: state.own.size - known,
  }
}
