import { parametersOf } from '../../core/machine/parameters-record.js'
import { Draft } from '../../core/state/draft.js'
import { consensusParams } from '../application/consensus-params.js'
import { headBefore, type Ledger } from '../application/ledger.js'
import { eventsOf, resultsOf } from '../application/results.js'
import { electedIn, validatorUpdates } from '../application/validators.js'
import { nonceIn } from '../application/waiting.js'
import type { ConsensusParams } from '../messages/common.js'
import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'

/**
 * Applies a decided block: root, results, and what it changed among the validators, which acts at h + 2 here and
 * there. Nothing of it is on the disk before `Commit`; a block that comes again takes the place of the staged one.
 */
export async function finalizeBlock(
  ledger: Ledger,
  request: RequestOf<'finalizeBlock'>,
): Promise<ResponseOf<'finalizeBlock'>> {
  const { keeper, machine } = ledger
  await keeper.discard()
  const head = headBefore(ledger, request.height)
  const execution = ledger.executions.of(ledger, head, request)
  ledger.executions.clear()
  const { applied, timeMs, opened, parameters } = execution
  const before = electedIn(ledger.state)
  const appHash = await keeper.stage(request.height, timeMs, applied.changes)
  const senders = opened.flatMap(item => ('transaction' in item ? [item.transaction.sender] : []))
  ledger.pool.settle(request.height, nonceIn(ledger), senders)
  return {
    events: eventsOf(applied.events),
    txResults: resultsOf(execution),
    validatorUpdates: validatorUpdates(before, electedIn(ledger.state)),
    ...paramUpdates(
      consensusParams(parameters),
      consensusParams(parametersOf(machine, new Draft(ledger.state))),
    ),
    appHash,
  }
}

function paramUpdates(
  before: ConsensusParams,
  after: ConsensusParams,
): Pick<ResponseOf<'finalizeBlock'>, 'consensusParamUpdates'> {
  return JSON.stringify(before) === JSON.stringify(after) ? {} : { consensusParamUpdates: after }
}
