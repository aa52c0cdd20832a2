import { formatAddress } from '@neurovoyance/protocol'
import { encodeReceipt } from '../../core/block/hashes.js'
import { bytesOf } from '../../core/hex.js'
import type { LedgerEvent } from '../../core/machine/context.js'
import type { Event } from '../messages/common.js'
import type { ExecTxResult } from '../messages/responses.js'
import type { Execution } from './execution.js'

/** Codes of results; `info` has the ledger's own code. */
export const RESULT = Object.freeze({
  /** All of it happened. */
  done: 0,
  /** It cost its fee and had no other effect. */
  failed: 1,
  /** It was not let in, and cost nothing; no honest proposer has such a one in a block. */
  refused: 2,
})

const NOTHING = new Uint8Array(0)
const MOST_TEXT = 1_000

/**
 * What became of the transactions of a block. Code, data and gas are what CometBFT's `last_results_hash` covers: the
 * data is the receipt as the ledger's own validators agree on it.
 */
export function resultsOf({ opened, applied }: Execution): ExecTxResult[] {
  let next = 0
  return opened.map((item, index) => {
    if ('code' in item) return result(RESULT.refused, { info: item.code })
    const receipt = applied.receipts[next++]!
    const code = receipt.code === undefined ? RESULT.done : receipt.admitted ? RESULT.failed : RESULT.refused
    return result(code, {
      data: encodeReceipt(receipt, index),
      info: receipt.code ?? '',
      log: (receipt.message ?? '').slice(0, MOST_TEXT),
      gasWanted: receipt.weight,
      gasUsed: receipt.weight,
      events: eventsOf(receipt.events),
    })
  })
}

const result = (code: number, rest: Partial<ExecTxResult>): ExecTxResult => ({
  code,
  data: NOTHING,
  log: '',
  info: '',
  gasWanted: 0,
  gasUsed: 0,
  events: [],
  codespace: code === RESULT.done ? '' : 'neurovoyance',
  ...rest,
})

/**
 * Events in CometBFT's words: `accounts/transferred` is of type `accounts.transferred`, since its queries know no
 * slash; each account that it is about is an indexed attribute `account`.
 */
export const eventsOf = (events: readonly LedgerEvent[]): Event[] =>
  events.map(({ kind, accounts, fields }) => ({
    type: kind.replace('/', '.'),
    attributes: [
      ...accounts.map(id => ({ key: 'account', value: formatAddress(bytesOf(id)), index: true })),
      ...Object.entries(fields).map(([key, value]) => ({ key, value: String(value), index: false })),
    ],
  }))
