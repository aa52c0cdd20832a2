import {
  accountOf,
  baseFeeOf,
  bondedTo,
  circulatingSupply,
  Draft,
  earnedOf,
  exitProgress,
  idOf,
  type StateView,
  stakeView,
  supplyOf,
  validators,
} from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { formatAddress, type Purse, parseAddress } from '@neurovoyance/protocol'
import { NodeError } from '../../errors.js'
import { proofJson } from './json.js'
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

/** After which block a state is, and when that was by the ledger. */
export interface StateTime {
  readonly height: number
  readonly timeMs: number
}

/** What an account holds in a state. */
export function accountJson(state: StateView, { height, timeMs }: StateTime, address: string): AccountJson {
  const id = idOf(parseAddress(address))
  const draft = new Draft(state)
  const { nonce, keys, purse, vesting } = accountOf({ draft, timeMs }, id)
  const { bonds, unbonding } = stakeView(draft, id)
  return {
    address,
    height,
    nonce,
    keys: keys
      ? {
          threshold: keys.threshold,
          keys: keys.keys.map(({ publicKey, weight }) => ({ key: idOf(publicKey), weight })),
        }
      : null,
    ...liquidAndEarned(purse),
    granted: String(purse.granted),
    vesting: vesting.map(({ remaining, endsMs }) => ({ amount: String(remaining), endsMs })),
    bonded: bonds.map(bond => ({
      validator: bond.validator,
      ...liquidAndEarned(bond.purse),
      reward: String(bond.reward),
    })),
    unbonding: unbonding.map(({ endsMs, exit, ...coins }) => ({
      ...liquidAndEarned(coins.purse),
      endsMs,
      exit,
    })),
    queued: exitProgress(draft, id).map(({ cohort, amount, claimable, waiting, tribute }) => ({
      cohort,
      amount: String(amount),
      claimable: String(claimable),
      waiting: String(waiting),
      tribute: String(tribute),
    })),
  }
}

/** How often a state may change while what it says is proven. */
const MOST_TRIES = 4

/** The same of a chain's newest state, with every value that it was read from, proven. */
export async function provenAccountJson(
  chain: Chain,
  address: string,
  signal: AbortSignal,
): Promise<AccountJson> {
  let keys = keysOf(chain.state, chain.head().timeMs, address)
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const proven = await chain.prove(keys, { signal })
    const values = new Map(proven.values.map(({ key, value }) => [key, value]))
    const state = { get: (key: string) => values.get(key) }
    const { timeMs } = chain.block(proven.height) ?? chain.head()
    const read = keysOf(state, timeMs, address)
    if (read.every(key => values.has(key))) {
      return {
        ...accountJson(state, { height: proven.height - 1, timeMs }, address),
        proof: proofJson(proven),
      }
    }
    // the account has bonded to somebody in the meantime
    keys = [...new Set([...keys, ...read])]
  }
  throw new NodeError('NODE_GATEWAY_BUSY', 'The account changes faster than it can be proven: ask again.')
}

/** The keys of all that is read to say what an account holds. */
function keysOf(state: StateView, timeMs: number, address: string): string[] {
  const keys = new Set<string>()
  const watched = {
    get(key: string) {
      keys.add(key)
      return state.get(key)
    },
  }
  accountJson(watched, { height: 0, timeMs }, address)
  return [...keys]
}

const liquidAndEarned = (purse: Purse) => ({
  liquid: String(purse.liquid),
  earned: String(earnedOf(purse)),
})

/** Who decides the next block, the strongest first. */
export function validatorsJson(chain: Chain): ValidatorJson[] {
  const draft = new Draft(chain.state)
  return chain
    .validators()
    .validators.map(({ publicKey, power }) => {
      const key = idOf(publicKey)
      const record = validators.get(draft, key)
      return {
        key,
        power: String(power),
        owner: record ? formatAddress(record.owner) : null,
        bonded: String(record ? bondedTo(record) : 0n),
        commission: record?.commission ?? 0,
        jailedUntilMs: record?.jailedUntilMs ?? null,
      }
    })
    .sort((a, b) => (BigInt(b.power) > BigInt(a.power) ? 1 : BigInt(b.power) < BigInt(a.power) ? -1 : 0))
}

/** Coins there are after the newest block. */
export function supplyJson(chain: Chain): SupplyJson {
  const draft = new Draft(chain.state)
  const { genesis, minted, burnt, held } = supplyOf(draft)
  return {
    height: chain.head().height,
    genesis: String(genesis),
    minted: String(minted),
    burnt: String(burnt),
    total: String(genesis + minted - burnt),
    circulating: String(circulatingSupply({ draft })),
    byKind: Object.fromEntries(held.map(({ kind, amount }) => [kind, String(amount)])),
  }
}

/** Every parameter in force. */
export function parametersJson(chain: Chain): ParameterJson[] {
  const tables = chain.machine.parameterTables
  return chain
    .parameters()
    .all()
    .map(([name, value]) => {
      const [module = '', parameter = ''] = name.split('/')
      const { unit = '', meaning = '', least = 0n, most = 0n } = tables[module]?.[parameter] ?? {}
      return { name, value: String(value), unit, meaning, least: String(least), most: String(most) }
    })
}
