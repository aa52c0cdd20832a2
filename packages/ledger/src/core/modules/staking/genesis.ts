import { parseAddress } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { bytesOf, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { wholeOf } from '../../machine/genesis.js'
import { foundValidator } from './create.js'
import { elect } from './elect.js'

/** A validator of the genesis: liquid coins of an account of the genesis are bonded to it. */
interface GenesisValidator {
  readonly consensusKey?: unknown
  readonly owner?: unknown
  readonly commission?: unknown
  readonly liquid?: unknown
}

/**
 * The first validators:
 * `[{ "consensusKey": "…64 hexadecimal digits", "owner": "nv1…", "commission": "50000", "liquid": "1000000000000" }]`.
 */
export function stakingGenesis(context: BlockContext, section: unknown): void {
  if (section === undefined) return
  if (!Array.isArray(section)) throw ledgerError('LEDGER_BAD_GENESIS', 'modules.staking is not a list')
  for (const entry of section as readonly GenesisValidator[]) {
    const { consensusKey, owner, commission = '0', liquid } = entry ?? {}
    if (typeof consensusKey !== 'string' || !/^[0-9a-f]{64}$/.test(consensusKey)) {
      throw ledgerError('LEDGER_BAD_GENESIS', 'a validator of modules.staking has no consensusKey')
    }
    if (typeof owner !== 'string') {
      throw ledgerError('LEDGER_BAD_GENESIS', `validator ${consensusKey} has no owner`)
    }
    foundValidator(context, {
      owner: idOf(parseAddress(owner)),
      consensusKey: bytesOf(consensusKey),
      commission: Number(wholeOf(commission, `commission of ${consensusKey}`)),
      coins: { liquid: wholeOf(liquid, `liquid of ${consensusKey}`), earned: 0n },
    })
  }
  elect(context)
}
