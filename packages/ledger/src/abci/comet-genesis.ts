import { APPLICATION_VERSION } from '../core/block/assemble.js'
import type { Genesis } from '../core/machine/genesis.js'

/**
 * CometBFT's `genesis.json` for a ledger's genesis. The validators are the ledger's: `InitChain` names them, and what
 * a block may hold.
 */
export function cometGenesis(genesis: Genesis): Record<string, unknown> {
  const { chainId, timeMs, parameters, modules } = genesis
  return {
    genesis_time: new Date(timeMs).toISOString(),
    chain_id: chainId,
    initial_height: '1',
    consensus_params: {
      block: { max_bytes: '1048576', max_gas: '-1' },
      evidence: { max_age_num_blocks: '1', max_age_duration: '3600000000000', max_bytes: '262144' },
      validator: { pub_key_types: ['ed25519'] },
      version: { app: String(APPLICATION_VERSION) },
      abci: { vote_extensions_enable_height: '0' },
    },
    app_hash: '',
    app_state: { timeMs, parameters, modules },
  }
}
