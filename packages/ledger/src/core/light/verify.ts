import { type Commit, Header, type LightBlock, type ValidatorSet } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { checkCommit } from '../block/commit.js'
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
  const blockId = blockIdFrom(Header.encode(header), parts, partsRoot)
  if (commit.height !== header.height || !sameBytes(commit.block, blockId))
    throw bad('its commit is for another block')
  return { header, blockId, commit, validators, nextValidators }
}

/**
 * Whether a header is too old to be trusted any more.
 */
export const isExpired = (
  { header }: CoherentBlock,
  nowMs: number,
  { trustingPeriodMs }: LightRules,
): boolean => header.timeMs + trustingPeriodMs <= nowMs

/**
 * Checks a block by one that is trusted: the next one by the validators that the trusted one names, a later one by
 * more than a third of them.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK`, `LEDGER_BAD_COMMIT`, `LEDGER_LIGHT_EXPIRED`; `LEDGER_BAD_COMMIT` with
 *   `details.missing` `trusted` where a block between them has to be checked first
 */
export function verifyBlock(
  trusted: CoherentBlock,
  block: CoherentBlock,
  nowMs: number,
  rules: LightRules,
): void {
  const { header } = block
  if (isExpired(trusted, nowMs, rules)) {
    throw ledgerError(
      'LEDGER_LIGHT_EXPIRED',
      `the trusted header of height ${trusted.header.height} is too old: begin with a newer one that you trust`,
      { height: trusted.header.height },
    )
  }
  if (header.height <= trusted.header.height) throw bad('it is not after the trusted one')
  if (header.timeMs <= trusted.header.timeMs) throw bad('its time is not after that of the trusted one')
  if (header.timeMs > nowMs + rules.clockDriftMs)
    throw bad('it is from the future: check the clock of this machine')
  const { chainId, verify } = rules
  if (header.height === trusted.header.height + 1) {
    if (!sameBytes(header.validatorsHash, trusted.header.nextValidatorsHash))
      throw bad('its validators are not those that the one before named')
    checkCommit(block.commit, { chainId, verify, validators: block.validators })
    return
  }
  checkCommit(block.commit, {
    chainId,
    verify,
    validators: block.validators,
    trusted: trusted.nextValidators,
  })
}
