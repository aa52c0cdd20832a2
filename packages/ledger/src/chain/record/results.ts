import { BlockResults, LIMITS, LightBlock } from '@neurovoyance/protocol'
import type { OpenBlock } from '../../core/block/check.js'
import type { Applied, Receipt } from '../../core/machine/apply.js'
import type { BlockResults as StoredResults } from '../../store/block-store.js'
import { shortText, wireEvents } from './events.js'

/** What is known of a block when it is applied, beside what it did. */
export interface ResultFacts {
  readonly stateRoot: Uint8Array
  readonly partsRoot: Uint8Array
  readonly parts: number
  readonly finalityMs: number
}

/** What a block did and what shows it, as the block store keeps both: encoded, and its transactions by id and by account. */
export function resultsOf(
  { receipts, events }: Applied,
  { header, transactions }: Pick<OpenBlock, 'header' | 'transactions'>,
  facts: ResultFacts,
): StoredResults {
  return {
    results: BlockResults.encode({
      ...facts,
      transactions: receipts.map(wireReceipt),
      events: wireEvents(events, LIMITS.blockEvents),
    }),
    light: LightBlock.encode({ header, partsRoot: facts.partsRoot, parts: facts.parts }),
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
