import { applyBlock, ledgerTime, openTransaction } from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { eventJson } from './json.js'
import type { TrialJson } from './shapes.js'

/**
 * Tells what a transaction would do if the next block held it and nothing else, by the ledger's own rules: nothing is
 * kept of it, nobody hears of it, and it costs nothing.
 *
 * @throws LedgerError for bytes that are no transaction of this chain, or are signed wrongly
 */
export function tryTransaction(chain: Chain, bytes: Uint8Array, nowMs: number): TrialJson {
  const { chainId, machine, state } = chain
  const { height, timeMs } = chain.head()
  const [proposer] = chain.validators().validators
  const { receipts } = applyBlock(machine, state, {
    height: height + 1,
    timeMs: ledgerTime(nowMs, timeMs, chain.parameters().of('time/heartbeatMs')),
    previousTimeMs: timeMs,
    proposer: proposer!.publicKey,
    transactions: [openTransaction(bytes, { chainId, verify: machine.verify })],
  })
  const { code, message, admitted, fee, events } = receipts[0]!
  return {
    code: code ?? null,
    message: message ?? null,
    charged: admitted,
    fee: String(fee),
    events: events.map(eventJson),
  }
}
