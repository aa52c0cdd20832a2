import type { ValidatorSet } from '@neurovoyance/protocol'
import { NO_HASH } from '../core/block/hashes.js'
import { bytesOf } from '../core/hex.js'
import type { TrustedHeader } from '../core/light/verify.js'
import { type Genesis, genesisState } from '../core/machine/genesis.js'
import type { Machine } from '../core/machine/machine.js'
import { createNetworkLedger } from '../core/modules/index.js'
import { validatorSetOf } from '../core/modules/staking/elections.js'
import { Draft } from '../core/state/draft.js'

/**
 * The genesis as a header to begin with: its validators decide the first block, and vouch for later ones. Good for as
 * long as the trusting period; after that a newer header is needed from somebody.
 *
 * @param machine the chain's rules, where they are not the network's
 * @throws LedgerError `LEDGER_BAD_GENESIS`, `LEDGER_BAD_PARAMETERS`
 */
export function anchorFromGenesis(
  genesis: Genesis,
  machine: Machine = createNetworkLedger({ chainId: genesis.chainId }),
): TrustedHeader {
  return {
    height: 0,
    timeMs: genesis.timeMs,
    blockId: NO_HASH,
    nextValidators: validatorsOf(genesis, machine),
  }
}

function validatorsOf(genesis: Genesis, machine: Machine): ValidatorSet {
  if (genesis.state !== undefined) {
    const { validators } = genesis.state
    return {
      validators: validators.map(({ consensusKey, power }) => ({ publicKey: bytesOf(consensusKey), power })),
    }
  }
  const { changes } = genesisState(machine, genesis)
  return validatorSetOf(new Draft({ get: key => changes.get(key) }))
}
