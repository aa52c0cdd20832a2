import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { electionAt } from '../staking/elections.js'
import { tombstoneValidator } from '../staking/jail.js'
import { slashValidator } from '../staking/slash.js'
import { validators } from '../staking/validator.js'
import type { Fault } from './fault.js'

/**
 * The epoch under whose election a fault was made, if it can still be punished: the validator was elected, the fault
 * is not too old, and it was not punished. A validator pays for consensus once, and is never elected again: whatever
 * else it did before that is the same fault.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`, `LEDGER_EXPIRED`, `LEDGER_CONFLICT`
 */
export function punishable(
  context: Pick<BlockContext, 'draft' | 'parameters' | 'timeMs' | 'height'>,
  { validator, height }: Fault,
): number {
  const record = validators.get(context.draft, validator)
  if (record?.tombstoned) throw ledgerError('LEDGER_CONFLICT', `validator ${validator} was punished`)
  const elected = height < context.height ? electionAt(context.draft, height) : undefined
  if (elected === undefined) throw ledgerError('LEDGER_EXPIRED', `nothing is known of height ${height}`)
  const { election, set } = elected
  if (record === undefined || !set.validators.some(({ publicKey }) => idOf(publicKey) === validator)) {
    throw ledgerError('LEDGER_NOT_FOUND', `${validator} was no validator at height ${height}`)
  }
  // the fault is no older than its election: whatever left since is still on its way back
  if (election.timeMs + Number(context.parameters.of('evidence/maxAgeMs')) <= context.timeMs) {
    throw ledgerError('LEDGER_EXPIRED', `height ${height} is too long ago`, { height })
  }
  return election.epoch
}

/** Takes and burns what a fault costs, and ends the validator. */
export function punish(context: BlockContext, fault: Fault): void {
  const epoch = punishable(context, fault)
  const share = context.parameters.of(`evidence/${fault.kind}Share`)
  const burnt = slashValidator(context, fault.validator, { epoch, share, isLast: true })
  tombstoneValidator(context, fault.validator)
  const { owner } = validators.get(context.draft, fault.validator)!
  context.emit({
    kind: 'evidence/punished',
    accounts: [idOf(owner)],
    fields: { validator: fault.validator, fault: fault.kind, height: fault.height, burnt },
  })
}
