import { LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import type { ChainHandlers } from '../network.js'
import type { Allowances } from './allowances.js'
import { COST } from './costs.js'
import type { HandlerParts } from './handler-parts.js'
import { MOST_WAIT_MS, Waits } from './waits.js'

/** Room for values that wait for the header that shows them, in bytes. */
const ROOM = { most: 64 * 1024 ** 2, mostOfOne: 16 * 1024 ** 2 }

/** Answers what is in the state, with proofs, as soon as a header shows it. */
export function createValuesHandler(
  { chain, clock }: Pick<HandlerParts, 'chain' | 'clock'>,
  allowances: Allowances,
): ChainHandlers['Values'] {
  const waits = new Waits(clock, ROOM)
  return async ({ body: { keys } }, caller) => {
    await allowances.take(caller, COST.value * keys.length)
    const { height, values } = chain.proven(keys)
    const attachments = values.flatMap(({ value, proof }) => [value ?? new Uint8Array(0), proof])
    const bytes = attachments.reduce((sum, { length }) => sum + length, 0)
    if (bytes > LIMITS.chainValuesBytes) {
      throw ledgerError('LEDGER_TOO_LARGE', 'the values are more than fit into an answer: ask for fewer', {
        bytes,
        most: LIMITS.chainValuesBytes,
      })
    }
    allowances.charge(caller, bytes)
    if (height > chain.head().height) {
      // the header that shows the state comes with the next block: it is waited for, but not for ever
      const due = (signal: AbortSignal) => chain.reached(height, { signal }).then(() => true)
      if ((await waits.wait(caller, MOST_WAIT_MS, due, bytes)) === undefined) {
        throw ledgerError(
          'LEDGER_TOO_EARLY',
          'no header shows the state yet: ask again when there is another block',
        )
      }
    }
    return {
      body: { height, values: values.map(({ value }) => ({ present: value !== undefined })) },
      attachments,
    }
  }
}
