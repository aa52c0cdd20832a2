import { BlockResults, LIMITS } from '@neurovoyance/protocol'
import type { Applied, Receipt } from '../../core/machine/apply.js'
import type { OpenTransaction } from '../../core/machine/transaction.js'
import type { BlockResults as StoredResults } from '../../store/block-store.js'
import { shortText, wireEvents } from './events.js'

/** What is known of a block when it is applied, beside what it did. */
export interface ResultFacts {
  readonly stateRoot: Uint8Array
  readonly partsRoot: Uint8Array
  readonly parts: number
  readonly finalityMs: number
}

/** What a block did, as the block store keeps it: encoded, and its transactions by id and by account. */
export function resultsOf(
  { receipts, events }: Applied,
  transactions: readonly OpenTransaction[],
  facts: ResultFacts,
): StoredResults {
  return {
    results: BlockResults.encode({
      ...facts,
      transactions: receipts.map(wireReceipt),
      events: wireEvents(events, LIMITS.blockEvents),
    }),
    transactions: transactions.map(({ id, sender, payer }, index) => ({
      id,
      accounts: [sender, payer, ...receipts[index]!.events.flatMap(({ accounts }) => accounts)],
    })),
  }
}

const wireReceipt = ({ id, code, message, fee, weight, events }: Receipt) => ({
  id,
  code: code ?? '',
  message: shortText(message ?? ''),
  fee,
  weight,
  events: wireEvents(events, LIMITS.transactionEvents),
})
