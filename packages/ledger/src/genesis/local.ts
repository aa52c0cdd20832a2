import { NVY } from '../core/amount.js'
import { createGenesis, type GenesisInit } from './create.js'
import type { GenesisDocument } from './document.js'

/** Who is on a network of one machine, or of a few friends. */
export interface LocalGenesisInit extends Pick<GenesisInit, 'chainId' | 'timeMs' | 'parameters' | 'machine'> {
  /** All with the same stake. */
  readonly validators: readonly { readonly consensusKey: Uint8Array; readonly owner: string }[]
  /** Who pays for work: each gets `funds`. */
  readonly clients: readonly string[]
  /** Who onboards newcomers, if anybody does. */
  readonly sponsor?: string
  /** Base units; 100,000 NVY when left out. */
  readonly stake?: bigint
  /** Base units; 10,000 NVY when left out. */
  readonly funds?: bigint
}

/** What a validator's owner has beside his stake, for fees. */
const POCKET = 100n * NVY
const TREASURY = 1_000_000n * NVY
const BUDGET = 10_000n * NVY
const SPONSOR_FEES = 10n * NVY

/** A genesis for a small network: clients with coins, validators with equal stakes, a treasury, a sponsor. */
export function localGenesis(init: LocalGenesisInit): GenesisDocument {
  const { validators, clients, sponsor, stake = 100_000n * NVY, funds = 10_000n * NVY, ...rest } = init
  return createGenesis({
    ...rest,
    accounts: [
      ...validators.map(({ owner }) => ({ address: owner, liquid: stake + POCKET })),
      ...clients.map(address => ({ address, liquid: funds })),
    ],
    validators: validators.map(validator => ({ ...validator, liquid: stake })),
    treasury: TREASURY,
    sponsors: sponsor === undefined ? [] : [{ address: sponsor, budget: BUDGET, fees: SPONSOR_FEES }],
  })
}
