import { errorCode, LIMITS } from '@neurovoyance/protocol'
import { SLOW_SIGNATURES } from '../../core/crypto/zip215.js'
import { checkApplied } from '../../core/machine/apply.js'
import { parametersOf } from '../../core/machine/parameters-record.js'
import { takeAdmitted } from '../../core/mempool/choose.js'
import { baseFeeOf } from '../../core/modules/fees/fee-market.js'
import { Draft } from '../../core/state/draft.js'
import { ledgerError } from '../../errors.js'
import { execute } from '../application/execution.js'
import { headBefore, type Ledger } from '../application/ledger.js'
import { nonceIn, wait } from '../application/waiting.js'
import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'

/** What protobuf puts around a transaction in a block: its tag, and a length of three bytes. */
const AROUND_BYTES = 4

/**
 * Chooses a block's transactions of those that wait: the best offers first, each account's in order, and only what
 * may happen. What CometBFT has and the pool has not (after a restart of this process) goes into the pool first.
 */
export async function prepareProposal(
  ledger: Ledger,
  request: RequestOf<'prepareProposal'>,
): Promise<ResponseOf<'prepareProposal'>> {
  await ledger.keeper.discard()
  const head = headBefore(ledger, request.height)
  remember(ledger, request.txs)
  const draft = new Draft(ledger.state)
  const parameters = parametersOf(ledger.machine, draft)
  const chosen = ledger.pool.select({
    weight: Number(parameters.of('fees/blockWeight')),
    bytes: request.maxTxBytes - AROUND_BYTES * Math.min(ledger.pool.size, LIMITS.blockTransactions),
    count: LIMITS.blockTransactions,
    baseFee: baseFeeOf({ draft, parameters }),
    nonceOf: nonceIn(ledger),
  })
  const block = { ...request, txs: chosen.map(({ bytes }) => bytes) }
  const execution = execute(ledger, head, block, ledger.strict)
  const { taken } = takeAdmitted(ledger.pool, chosen, execution.applied)
  if (taken.length === chosen.length) ledger.executions.note(block, execution)
  return { txs: taken.map(({ bytes }) => bytes) }
}

function remember(ledger: Ledger, txs: readonly Uint8Array[]): void {
  for (const bytes of txs) {
    try {
      const transaction = ledger.openings.openFast(bytes)
      if (!ledger.pool.has(transaction.id)) wait(ledger, transaction, bytes)
    } catch (error) {
      // One that may not wait any more: CometBFT lets it go when it asks for it again.
      if (errorCode(error) === undefined) throw error
    }
  }
}

/** Judges a block that another validator proposed: whether an honest one could have. */
export async function processProposal(
  ledger: Ledger,
  request: RequestOf<'processProposal'>,
): Promise<ResponseOf<'processProposal'>> {
  await ledger.keeper.discard()
  const head = headBefore(ledger, request.height)
  try {
    if (request.txs.length > LIMITS.blockTransactions) throw bad('it has too many transactions')
    const execution = ledger.executions.of(ledger, head, request)
    const stranger = execution.opened.find(item => 'code' in item)
    if (stranger !== undefined) throw bad('it holds what is no transaction')
    if (execution.slowSignatures > SLOW_SIGNATURES) throw bad('too many of its signatures are slow to check')
    checkApplied(execution.applied, execution.parameters.of('fees/blockWeight'))
    return { status: 'accept' }
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    ledger.logger.warn({ height: request.height, error: String(error) }, 'refused a proposal')
    return { status: 'reject' }
  }
}

const bad = (problem: string) => ledgerError('LEDGER_BAD_BLOCK', `the block may not be: ${problem}`)
