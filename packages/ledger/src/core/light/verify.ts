import { type Commit, Header, type LightBlock, type ValidatorSet } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { type NeededSignature, neededSignatures } from '../block/commit.js'
import { validatorsHashOf } from '../block/hashes.js'
import { sameBytes } from '../block/merkle.js'
import { blockIdFrom } from '../crypto/vote.js'
import type { Verify } from '../crypto/zip215.js'

/** A light block whose parts are all there and fit together; whether it was decided is another question. */
export interface CoherentBlock {
  readonly header: Header
  readonly blockId: Uint8Array
  readonly commit: Commit
  readonly validators: ValidatorSet
  readonly nextValidators: ValidatorSet
}

/** What a light client goes by. */
export interface LightRules {
  readonly chainId: string
  /** A header is trusted for this long: less than unbonding takes, or who signed it cannot be punished. */
  readonly trustingPeriodMs: number
  /** How far ahead of this machine's clock a header may be. */
  readonly clockDriftMs: number
  readonly verify: Verify
}

const bad = (problem: string, details?: Record<string, unknown>) =>
  ledgerError('LEDGER_BAD_LIGHT_BLOCK', `the header cannot be trusted: ${problem}`, details)

/**
 * Checks that the parts of a light block belong together.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK`
 */
export function coherent(block: LightBlock, chainId: string): CoherentBlock {
  const { header, commit, validators, nextValidators, parts, partsRoot } = block
  if (
    header === undefined ||
    commit === undefined ||
    validators === undefined ||
    nextValidators === undefined
  ) {
    throw bad('a part of it is missing')
  }
  if (header.chainId !== chainId) throw bad(`it is of chain ${header.chainId}, not ${chainId}`)
  if (!sameBytes(validatorsHashOf(validators), header.validatorsHash)) throw bad('its validators are others')
  if (!sameBytes(validatorsHashOf(nextValidators), header.nextValidatorsHash))
    throw bad('its next validators are others')
  if (!isSorted(validators) || !isSorted(nextValidators)) throw bad('a validator is there twice')
  const blockId = blockIdFrom(Header.encode(header), parts, partsRoot)
  if (commit.height !== header.height || !sameBytes(commit.block, blockId))
    throw bad('its commit is for another block')
  return { header, blockId, commit, validators, nextValidators }
}

/** Whether each key is there once: whoever was listed twice would be counted twice. */
const isSorted = ({ validators }: ValidatorSet): boolean =>
  validators.every(
    ({ publicKey }, index) => index === 0 || isBefore(validators[index - 1]!.publicKey, publicKey),
  )

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at !== -1 && a[at]! < b[at]!
}

/** What later headers are checked by: a header that is trusted, or a genesis (of height 0). */
export interface TrustedHeader {
  readonly height: number
  readonly timeMs: number
  /** Zeros for a genesis. */
  readonly blockId: Uint8Array
  /** Who decides the next height. */
  readonly nextValidators: ValidatorSet
}

/** What there is to trust in a block that was checked. */
export const trustedHeader = ({ header, blockId, nextValidators }: CoherentBlock): TrustedHeader => ({
  height: header.height,
  timeMs: header.timeMs,
  blockId,
  nextValidators,
})

/** Whether a header is too old to be trusted any more. */
export const isExpired = (
  { timeMs }: TrustedHeader,
  nowMs: number,
  { trustingPeriodMs }: Pick<LightRules, 'trustingPeriodMs'>,
): boolean => timeMs + trustingPeriodMs <= nowMs

/**
 * What shows that a block was decided, by one that is trusted: the next one by the validators that the trusted one
 * names, a later one by more than a third of them. All but the signatures is checked here.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK`, `LEDGER_BAD_COMMIT`, `LEDGER_LIGHT_EXPIRED`; `LEDGER_BAD_COMMIT` with
 *   `details.missing` `trusted` where a block between them has to be checked first
 */
export function followingSignatures(
  trusted: TrustedHeader,
  { header, commit, validators }: CoherentBlock,
  nowMs: number,
  rules: Omit<LightRules, 'verify'>,
): NeededSignature[] {
  if (isExpired(trusted, nowMs, rules)) {
    throw ledgerError(
      'LEDGER_LIGHT_EXPIRED',
      `the trusted header of height ${trusted.height} is too old: begin with a newer one that you trust`,
      { height: trusted.height },
    )
  }
  if (header.height <= trusted.height) throw bad('it is not after the trusted one')
  if (header.timeMs <= trusted.timeMs) throw bad('its time is not after that of the trusted one')
  if (header.timeMs > nowMs + rules.clockDriftMs)
    throw bad('it is from the future: check the clock of this machine', { timeMs: header.timeMs, nowMs })
  if (header.height > trusted.height + 1) {
    return neededSignatures(commit, { validators, trusted: trusted.nextValidators })
  }
  if (!sameBytes(header.validatorsHash, validatorsHashOf(trusted.nextValidators)))
    throw bad('its validators are not those that the one before named')
  return neededSignatures(commit, { validators })
}

/**
 * What shows that a block beside a trusted one, of the same height, was decided as well: by who decided that height, or,
 * where they are not known here, by more than a third of those whom the trusted one names for the next. All but the
 * signatures is checked here.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK`, `LEDGER_BAD_COMMIT`
 */
export function contradictingSignatures(
  trusted: TrustedHeader,
  { header, commit, validators }: CoherentBlock,
  decidedBy: ValidatorSet | undefined,
): NeededSignature[] {
  if (decidedBy === undefined)
    return neededSignatures(commit, { validators, trusted: trusted.nextValidators })
  if (!sameBytes(header.validatorsHash, validatorsHashOf(decidedBy)))
    throw bad('its validators are not those of its height')
  return neededSignatures(commit, { validators })
}
