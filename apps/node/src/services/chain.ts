import { resolve } from 'node:path'
import type { Chain, ChainSettings } from '@neurovoyance/ledger/node'
import type { Host } from '@neurovoyance/p2p'
import type { Artifacts } from '@neurovoyance/p2p/artifacts'
import { chainNetworkOver } from '../chain/chain-network.js'
import { keepGenesis } from '../chain/keep-genesis.js'
import { readGenesis } from '../chain/read-genesis.js'
import { readValidatorKey } from '../chain/validator-key.js'
import type { Home } from '../config/home.js'
import type { Config } from '../config/schema.js'
import { NodeError } from '../errors.js'
import type { Service, ServiceFactory } from '../service.js'

/** The chain that a node keeps, where its settings name one. */
export interface KeptChain extends Service {
  readonly chain: Chain | undefined
  /** The public key that this node votes with. */
  readonly validator?: Uint8Array
  /** From the newest block's stamp to its decision here, by this machine's clock. */
  finalityMs(): number | undefined
}

/** What the chain's service is made from. */
export interface ChainInit {
  home: Pick<Home, 'path' | 'chain' | 'genesis' | 'validatorKey'>
  config: Config['chain']
}

interface Needs {
  network: Host
  /** Snapshots travel as artifacts: without, none are made and none taken. */
  artifacts?: Artifacts
}

/**
 * Keeps the chain of the genesis that the settings name, as a validator where they say so. A node without one loads
 * nothing of it.
 *
 * @throws NodeError `NODE_GENESIS`, `NODE_KEY_MISSING`
 */
export function chain({ home, config }: ChainInit): ServiceFactory<Needs, KeptChain> {
  return async ({ network, artifacts }, { logger, clock, random }) => {
    if (config.genesis === null) return { chain: undefined, finalityMs: () => undefined }
    const genesis = await readGenesis(resolve(home.path, config.genesis))
    const validator = config.validator ? await requireKey(home.validatorKey) : undefined
    if (config.stateSync && artifacts) {
      const { beginFromSnapshot } = await import('../chain/begin-from-snapshot.js')
      const trust = trustFrom(config.trust)
      await beginFromSnapshot({ dir: home.chain, genesis, trust, network, artifacts, logger })
    }
    const { openChain } = await import('@neurovoyance/ledger/node')
    const opened = await openChain({
      dir: home.chain,
      genesis,
      network: chainNetworkOver(network),
      settings: settingsOf(config),
      ...(validator && { validator }),
      ...(artifacts && config.snapshotBlocks !== null && { artifacts }),
      clock,
      random,
      logger,
    })
    // it is this chain's: the folder of one with another genesis does not open
    await keepGenesis(home.genesis, genesis).catch(error =>
      logger.warn({ error, path: home.genesis }, 'the home keeps no copy of the genesis'),
    )
    void opened.stopped.then(({ reason, error }) => {
      if (reason === 'halted')
        logger.warn({ height: opened.head().height }, 'the chain halted here, as it was told to')
      if (reason === 'failed') logger.error({ error }, 'the chain stopped here')
    })
    let finalityMs: number | undefined
    const stop = opened.onBlock(block => {
      finalityMs = block.finalityMs
    })
    return {
      chain: opened,
      ...(validator && { validator: validator.publicKey }),
      finalityMs: () => finalityMs,
      async close() {
        stop()
        await opened.close()
      },
    }
  }
}

function settingsOf({
  commitMs,
  heartbeatMs,
  blockKiB,
  keepBlocks,
  snapshotBlocks,
  haltHeight,
  trust,
}: Config['chain']): Partial<ChainSettings> {
  return {
    commitMs,
    heartbeatMs,
    blockBytes: blockKiB * 1024,
    keepBlocks: keepBlocks ?? undefined,
    ...(snapshotBlocks !== null && { snapshotBlocks }),
    haltHeight: haltHeight ?? undefined,
    trustedTo: trustFrom(trust),
  }
}

/** A trusted header from its setting. */
function trustFrom(text: string | null): { height: number; blockId: string } | undefined {
  const [height, blockId] = text?.split(':') ?? []
  return height !== undefined && blockId !== undefined ? { height: Number(height), blockId } : undefined
}

async function requireKey(path: string) {
  const key = await readValidatorKey(path)
  if (key !== undefined) return key
  throw new NodeError(
    'NODE_KEY_MISSING',
    `chain.validator is on, and there is no key in ${path}: restore it, or make one with 'nv chain key --new'.`,
    { details: { path } },
  )
}
