import { type ChainAccess, createNetworkLedger, type Machine } from '@neurovoyance/ledger'
import { readState } from '../read-state.js'
import { type AccountQuery, type AccountView, viewAccount } from './account.js'
import {
  type ParameterView,
  type SupplyView,
  type ValidatorView,
  viewParameters,
  viewSupply,
  viewValidators,
} from './network.js'

/** A chain, near or far, and its rules where they are not the network's. */
export type ReadableChain = Pick<ChainAccess, 'chainId' | 'head' | 'get'> & { readonly machine?: Machine }

const machineOf = ({ machine, chainId }: ReadableChain): Machine =>
  machine ?? createNetworkLedger({ chainId })

/**
 * What an account has, of any chain that a program can reach; from afar, every value of it is proven.
 *
 * @param options ids of channels and nodes of the account: the state has no list of them
 * @throws ProtocolError for an address that is none
 */
export async function readAccount(
  chain: ReadableChain,
  address: string,
  options: Pick<AccountQuery, 'channels' | 'nodes'> = {},
): Promise<AccountView> {
  const { timeMs } = await chain.head()
  const query = { address, timeMs, machine: machineOf(chain), ...options }
  return readState(chain.get, draft => viewAccount(draft, query))
}

/** What coins there are. */
export const readSupply = (chain: ReadableChain): Promise<SupplyView> => readState(chain.get, viewSupply)

/** Elected validators and candidates, the most powerful first. */
export const readValidators = (chain: ReadableChain): Promise<readonly ValidatorView[]> =>
  readState(chain.get, viewValidators)

/** The parameters in force. */
export function readParameters(chain: ReadableChain): Promise<readonly ParameterView[]> {
  const machine = machineOf(chain)
  return readState(chain.get, draft => viewParameters(draft, machine))
}
