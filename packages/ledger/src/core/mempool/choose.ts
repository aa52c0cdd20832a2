import type { Applied } from '../machine/apply.js'
import type { OpenTransaction } from '../machine/transaction.js'
import type { Waiting } from './line.js'

/** What a block takes of what was chosen for it. */
export interface Taken {
  readonly taken: readonly Waiting[]
  /** What it does with those alone. */
  readonly applied: Applied
}

/**
 * Takes what was let in. The rest had no effect, so what was let in stays as it is without it; it waits no longer:
 * what nobody may put into a block now has to come again.
 *
 * @param applied what came of all that was chosen, with a `strict` verifier
 */
export function takeAdmitted(
  pool: { remove(transaction: OpenTransaction): void },
  chosen: readonly Waiting[],
  applied: Applied,
): Taken {
  const taken = chosen.filter((_, index) => applied.receipts[index]!.admitted)
  for (const [index, { transaction }] of chosen.entries())
    if (!applied.receipts[index]!.admitted) pool.remove(transaction)
  return { taken, applied: { ...applied, receipts: applied.receipts.filter(({ admitted }) => admitted) } }
}
