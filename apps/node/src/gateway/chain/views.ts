import { viewAccount, viewParameters, viewSupply, viewValidators } from '@neurovoyance/client/chain'
import { accounts, baseFeeOf, Draft, idOf, type Machine, type StateView } from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { parseAddress } from '@neurovoyance/protocol'
import { NodeError } from '../../errors.js'
import { inJson, proofJson } from './json.js'
import type { AccountJson, ChainStatusJson, ParameterJson, SupplyJson, ValidatorJson } from './shapes.js'

/** How a chain is here. */
export function statusJson(
  chain: Chain,
  { validator, finalityMs }: { validator?: Uint8Array | undefined; finalityMs?: number | undefined },
): ChainStatusJson {
  const head = chain.head()
  const draft = new Draft(chain.state)
  return {
    chainId: chain.chainId,
    genesis: idOf(chain.genesisHash),
    height: head.height,
    block: idOf(head.blockId),
    timeMs: head.timeMs,
    stateRoot: idOf(head.stateRoot),
    catchingUp: chain.catchingUp,
    baseFee: String(baseFeeOf({ draft, parameters: chain.parameters() })),
    validators: chain.validators().validators.length,
    validator: validator === undefined ? null : idOf(validator),
    pool: { transactions: chain.pool.size, bytes: chain.pool.bytes },
    finalityMs: finalityMs === undefined ? null : Math.round(finalityMs),
  }
}

/** A state, after which block it is, and the rules by which it is read. */
export interface ReadableState {
  readonly state: StateView
  readonly height: number
  readonly timeMs: number
  readonly machine: Machine
}

/** The newest state of a chain. */
export const newestState = (chain: Chain): ReadableState => {
  const { height, timeMs } = chain.head()
  return { state: chain.state, machine: chain.machine, height, timeMs }
}

/**
 * What an account has in a state.
 *
 * @param nodes network keys of nodes that may be the account's, hexadecimal
 */
export function accountJson(
  { state, height, timeMs, machine }: ReadableState,
  address: string,
  nodes: readonly string[] = [],
): AccountJson {
  const draft = new Draft(state)
  const view = viewAccount(draft, { address, timeMs, machine, nodes })
  const keys = accounts.get(draft, idOf(parseAddress(address)))?.keys
  return {
    ...inJson(view),
    height,
    keys: keys
      ? {
          threshold: keys.threshold,
          keys: keys.keys.map(({ publicKey, weight }) => ({ key: idOf(publicKey), weight })),
        }
      : null,
  }
}

/** How often a state may change while what it says is proven. */
const MOST_TRIES = 4

/**
 * The same of a chain's newest state, with every value that it was read from, proven.
 *
 * @throws NodeError `NODE_GATEWAY_BUSY` where it changes all the time
 */
export async function provenAccountJson(
  chain: Chain,
  address: string,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<AccountJson> {
  const newest = newestState(chain)
  let keys = keysOf(newest, address, nodes)
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const proven = await chain.prove(keys, { signal })
    const values = new Map(proven.values.map(({ key, value }) => [key, value]))
    const timeMs = chain.block(proven.height)?.timeMs ?? chain.head().timeMs
    const shown = { ...newest, state: values, height: proven.height - 1, timeMs }
    const read = keysOf(shown, address, nodes)
    if (read.every(key => values.has(key)))
      return { ...accountJson(shown, address, nodes), proof: proofJson(proven) }
    // the account has bonded to somebody in the meantime
    keys = [...new Set([...keys, ...read])]
  }
  throw new NodeError('NODE_GATEWAY_BUSY', 'The account changes faster than it can be proven: ask again.')
}

/** The keys of all that is read to say what an account has. */
function keysOf(from: ReadableState, address: string, nodes: readonly string[]): string[] {
  const keys = new Set<string>()
  const watched = {
    get(key: string) {
      keys.add(key)
      return from.state.get(key)
    },
  }
  accountJson({ ...from, state: watched }, address, nodes)
  return [...keys]
}

/** Elected validators and candidates, the most powerful first. */
export const validatorsJson = (chain: Chain): readonly ValidatorJson[] =>
  inJson(viewValidators(new Draft(chain.state)))

/** Coins there are after the newest block. */
export const supplyJson = (chain: Chain): SupplyJson => ({
  ...inJson(viewSupply(new Draft(chain.state))),
  height: chain.head().height,
})

/** Every parameter in force. */
export const parametersJson = (chain: Chain): readonly ParameterJson[] =>
  inJson(viewParameters(new Draft(chain.state), chain.machine))
