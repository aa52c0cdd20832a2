import { type Genesis, genesisState } from '../../core/machine/genesis.js'
import { parametersOf } from '../../core/machine/parameters-record.js'
import { Draft } from '../../core/state/draft.js'
import type { StateView } from '../../core/state/view.js'
import { consensusParams } from '../application/consensus-params.js'
import type { Ledger } from '../application/ledger.js'
import { electedIn, validatorUpdates } from '../application/validators.js'
import { abciError } from '../errors.js'
import { timeMsOf } from '../messages/common.js'
import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'

/**
 * Begins the ledger from the genesis that is CometBFT's `app_state`. Comes again where a crash was before the first
 * block, and says the same then.
 *
 * @throws AbciError `LEDGER_ABCI_WRONG_CHAIN`, LedgerError `LEDGER_BAD_GENESIS`
 */
export async function initChain(
  ledger: Ledger,
  request: RequestOf<'initChain'>,
): Promise<ResponseOf<'initChain'>> {
  const { machine, keeper } = ledger
  const genesis = genesisIn(request, machine.chainId)
  const { changes } = genesisState(machine, genesis)
  const fresh: StateView = { get: key => changes.get(key) }
  const head = keeper.head ?? (await keeper.begin(genesis.timeMs, changes))
  if (head.height !== 0 || !holds(ledger.state, changes)) {
    throw abciError('LEDGER_ABCI_WRONG_CHAIN', 'the store is of another chain: use another folder')
  }
  return {
    consensusParams: consensusParams(parametersOf(machine, new Draft(fresh))),
    validators: validatorUpdates({ validators: [] }, electedIn(fresh)),
    appHash: head.root,
  }
}

/** Whether a state is exactly what a genesis says. */
function holds(state: Ledger['state'], changes: ReadonlyMap<string, Uint8Array | undefined>): boolean {
  if (state.size !== changes.size) return false
  return [...changes].every(([key, value]) => Buffer.compare(state.get(key) ?? NONE, value ?? NONE) === 0)
}

const NONE = new Uint8Array(0)

function genesisIn(request: RequestOf<'initChain'>, chainId: string): Genesis {
  const wrong = (problem: string) =>
    abciError('LEDGER_ABCI_WRONG_CHAIN', `CometBFT's genesis is not this ledger's: ${problem}`)
  if (request.chainId !== chainId) throw wrong(`it is of chain ${request.chainId}, not ${chainId}`)
  if (request.initialHeight !== 1) throw wrong('it does not begin with block 1')
  const genesis = JSON.parse(Buffer.from(request.appStateBytes).toString()) as Partial<Genesis> | null
  const { timeMs, parameters, modules } = genesis ?? {}
  if (typeof parameters !== 'object' || typeof modules !== 'object' || timeMs === undefined) {
    throw wrong('its app_state is no genesis of a ledger')
  }
  if (timeMs !== timeMsOf(request.time)) throw wrong('app_state.timeMs is not its genesis_time')
  return { chainId, timeMs, parameters: parameters ?? {}, modules: modules ?? {} }
}
