import { errorCode } from '@neurovoyance/protocol'
import { weightOf } from '../../core/machine/apply.js'
import type { Ledger } from '../application/ledger.js'
import { nonceIn, wait } from '../application/waiting.js'
import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'
import { CODESPACE } from './query.js'

/**
 * Says whether a transaction may wait in CometBFT's mempool: by the rules of the ledger's own, of which there is one
 * beside CometBFT's. What that one let go, for a better offer or because its time has passed, CometBFT lets go when
 * it asks again after a block.
 */
export function checkTx(ledger: Ledger, { tx, type }: RequestOf<'checkTx'>): ResponseOf<'checkTx'> {
  try {
    const transaction = ledger.openings.openFast(tx)
    const { pool, keeper } = ledger
    if (type === 'recheck') pool.settle(keeper.head?.height ?? 0, nonceIn(ledger), [transaction.sender])
    if (!pool.has(transaction.id)) wait(ledger, transaction, tx)
    return { gasWanted: weightOf(ledger.machine, transaction) }
  } catch (error) {
    return refusal(error)
  }
}

/** An error as an answer: `info` is its code, `log` what it says to people. */
export function refusal(error: unknown): { code: number; codespace: string; info: string; log: string } {
  const code = errorCode(error)
  if (code === undefined) throw error
  return { code: 1, codespace: CODESPACE, info: code, log: (error as Error).message.slice(0, MOST_TEXT) }
}

const MOST_TEXT = 1_000
