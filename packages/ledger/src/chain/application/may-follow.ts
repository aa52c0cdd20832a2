import type { ValidatorSet } from '@neurovoyance/protocol'
import type { ChainHead } from '../../core/block/assemble.js'
import { checkLinks, type OpenBlock } from '../../core/block/check.js'
import { checkCommit } from '../../core/block/commit.js'
import { sameBytes } from '../../core/block/merkle.js'
import type { Verify } from '../../core/crypto/zip215.js'
import { type Applied, checkApplied } from '../../core/machine/apply.js'
import { EVIDENCE_REFUSED } from '../../core/modules/evidence/index.js'
import type { Parameters } from '../../core/parameters/parameters.js'
import { ledgerError } from '../../errors.js'

const badBlock = (problem: string) => ledgerError('LEDGER_BAD_BLOCK', `the block may not be: ${problem}`)

/** What a block is checked against before it is applied. */
export interface FollowContext {
  readonly head: ChainHead
  /** Who decided the head; nobody did the genesis. */
  readonly deciders: ValidatorSet | undefined
  readonly heartbeatMs: number
  readonly verify: Verify
}

/**
 * Checks what a block says of the chain before it: its links, its time, its proposer, and the commit of the block
 * before.
 *
 * @throws LedgerError `LEDGER_BAD_BLOCK`, `LEDGER_BAD_COMMIT`
 */
export function checkFollows({ header, lastCommit }: OpenBlock, context: FollowContext): void {
  const { head, deciders, heartbeatMs, verify } = context
  checkLinks(head, header, heartbeatMs)
  const isValidator = head.validators.validators.some(({ publicKey }) =>
    sameBytes(publicKey, header.proposer),
  )
  if (!isValidator) throw badBlock('its proposer is no validator')
  if (head.height === 0 || deciders === undefined) {
    if (lastCommit !== undefined) throw badBlock('the first block has no commit of a block before')
    return
  }
  if (lastCommit?.height !== head.height || !sameBytes(lastCommit.block, head.blockId)) {
    throw badBlock('its commit is of another block than the one before')
  }
  checkCommit(lastCommit, { chainId: header.chainId, validators: deciders, verify })
}

/**
 * Checks what applying a block gave.
 *
 * @throws LedgerError `LEDGER_BAD_BLOCK`
 */
export function checkOutcome(applied: Applied, parameters: Parameters): void {
  checkApplied(applied, parameters.of('fees/blockWeight'))
  const refused = applied.events.find(({ kind }) => kind === EVIDENCE_REFUSED)
  if (refused !== undefined) throw badBlock(`its evidence proves nothing: ${refused.fields.code}`)
}
