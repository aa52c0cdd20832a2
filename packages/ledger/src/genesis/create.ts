import { parseAddress } from '@neurovoyance/protocol'
import { least } from '../core/amount.js'
import { idOf } from '../core/hex.js'
import { genesisState } from '../core/machine/genesis.js'
import type { Machine } from '../core/machine/machine.js'
import { createNetworkLedger } from '../core/modules/index.js'
import { ledgerError } from '../errors.js'
import type { GenesisDocument } from './document.js'

/** A validator of the first hour: coins of an account of the genesis are bonded to it. */
export interface GenesisValidator {
  /** 32 bytes. */
  readonly consensusKey: Uint8Array
  /** `nv1…` */
  readonly owner: string
  /** Of its account's liquid coins, base units. */
  readonly liquid: bigint
  /** What the owner keeps of the stakers' rewards, in millionths; nothing when left out. */
  readonly commission?: number
}

/** What a genesis is put together from. Amounts are in base units. */
export interface GenesisInit {
  readonly chainId: string
  readonly timeMs: number
  /** Parameters that differ from what the software comes with. */
  readonly parameters?: Readonly<Record<string, bigint | string>>
  /** Liquid coins by address; one address may be there more than once. */
  readonly accounts?: readonly { readonly address: string; readonly liquid: bigint }[]
  readonly validators?: readonly GenesisValidator[]
  readonly treasury?: bigint
  /** Who gives newcomers granted coins: `budget` of them, `fees` for their transactions. */
  readonly sponsors?: readonly { readonly address: string; readonly budget: bigint; readonly fees?: bigint }[]
  /** Sections of modules that were added. */
  readonly modules?: Readonly<Record<string, unknown>>
  /** The rules that the chain will run; the network's when left out. */
  readonly machine?: Machine
}

/**
 * Puts a genesis together and tries it: what it describes must be a state that the rules allow.
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`, `LEDGER_BAD_PARAMETERS` (k above nine tenths of b, for one), and what the
 *   modules have against their sections
 */
export function createGenesis(init: GenesisInit): GenesisDocument {
  const {
    chainId,
    timeMs,
    parameters = {},
    validators = [],
    treasury = 0n,
    sponsors = [],
    modules = {},
  } = init
  const accounts = accountsOf(init)
  const machine = init.machine ?? createNetworkLedger({ chainId })
  const document: GenesisDocument = {
    chainId,
    timeMs,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
    modules: {
      ...(accounts.length > 0 && { accounts }),
      ...(validators.length > 0 && { staking: validators.map(stakingEntry).sort(byKey) }),
      ...(treasury > 0n && { rewards: { treasury: String(treasury) } }),
      ...(sponsors.length > 0 && {
        grants: sponsors.map(({ address, budget, fees = 0n }) => ({
          address,
          budget: String(budget),
          fees: String(fees),
        })),
      }),
      ...modules,
    },
    ...(machine.version > 1 && { version: machine.version }),
  }
  genesisState(machine, document)
  return document
}

/** A validator as the section `staking` has it. */
export interface StakingEntry {
  readonly consensusKey: string
  readonly owner: string
  readonly commission: string
  readonly liquid: string
  /** The consensus key's signature under the rest: see `joinGenesis`. */
  readonly proof?: string
}

export const stakingEntry = ({
  consensusKey,
  owner,
  liquid,
  commission = 0,
}: GenesisValidator): StakingEntry => ({
  consensusKey: idOf(consensusKey),
  owner,
  commission: String(commission),
  liquid: String(liquid),
})

/** The order of validators in a genesis: whoever joined first, the document is the same. */
export const byKey = (a: StakingEntry, b: StakingEntry): number => (a.consensusKey < b.consensusKey ? -1 : 1)

/** One entry for each account; validators' coins are among them. */
function accountsOf({ accounts = [], validators = [] }: GenesisInit): { address: string; liquid: string }[] {
  const sums = new Map<string, bigint>()
  for (const { address, liquid } of accounts) {
    parseAddress(address)
    sums.set(address, (sums.get(address) ?? 0n) + liquid)
  }
  for (const { owner, liquid } of validators) {
    const has = sums.get(owner) ?? 0n
    if (least(has, liquid) === liquid) continue
    throw ledgerError(
      'LEDGER_BAD_GENESIS',
      `${owner} bonds ${liquid} base units and has ${has} in accounts`,
      {
        field: 'accounts',
        owner,
      },
    )
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, liquid]) => ({ address, liquid: String(liquid) }))
}
