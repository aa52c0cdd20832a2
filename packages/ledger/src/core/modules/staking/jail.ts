import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { leaveCandidates } from './candidates.js'
import { dismiss } from './elections.js'
import { validatorOf, validators } from './validator.js'

/** Takes a validator out of the elected ones until its owner brings it back, not before a time. */
export function jailValidator(context: BlockContext, key: Id, untilMs: number): void {
  const validator = validatorOf(context.draft, key)
  const jailedUntilMs = Math.max(untilMs, validator.jailedUntilMs ?? 0)
  validators.set(context.draft, key, { ...validator, jailedUntilMs })
  dismiss(context, key)
  context.emit({
    kind: 'staking/jailed',
    accounts: [idOf(validator.owner)],
    fields: { validator: key, untilMs: jailedUntilMs },
  })
}

/** Takes a validator out of the elected ones for ever. */
export function tombstoneValidator(context: BlockContext, key: Id): void {
  const validator = validatorOf(context.draft, key)
  validators.set(context.draft, key, { ...validator, tombstoned: true })
  leaveCandidates(context.draft, key)
  dismiss(context, key)
  context.emit({
    kind: 'staking/tombstoned',
    accounts: [idOf(validator.owner)],
    fields: { validator: key },
  })
}
