import { type Rules, SOUND_RULES } from '@neurovoyance/ledger/consensus'

/** Rules that can be broken, to see whether a simulation notices. */
export const BROKEN_RULES = {
  /** Votes for whatever is proposed, locked or not. */
  lock: { ...SOUND_RULES, mayPrevote: () => true },
  /** Is content with half of the power. */
  quorum: { ...SOUND_RULES, isQuorum: (power, total) => 2n * power > total },
  /** Signs whatever it is asked to, whatever it signed before. */
  signer: { ...SOUND_RULES, maySign: () => true },
} as const satisfies Record<string, Rules>
export type BrokenRule = keyof typeof BROKEN_RULES

/** Whether this names one of them. */
export function isBrokenRule(name: string): name is BrokenRule {
  return Object.hasOwn(BROKEN_RULES, name)
}
