import type { Clock, Logger, Random } from '@neurovoyance/protocol'
import type { Verify } from '../../core/crypto/zip215.js'
import { bytesOf } from '../../core/hex.js'
import type { LedgerApplication } from '../application/application.js'
import type { AppliedChain } from '../applied-chain.js'
import type { TrustedBlock } from '../chain.js'
import { type Gossip, startGossip } from '../gossip/gossip.js'
import type { ChainNetwork } from '../network.js'
import type { TransactionPool } from '../pool/transaction-pool.js'
import type { SyncChain } from '../sync/ports.js'
import { startBlockSync } from '../sync/sync.js'
import type { Validator } from '../validator.js'
import type { HandlerParts } from './handler-parts.js'
import { createHandlers } from './handlers.js'

/** What a node is to others, and they to it. */
export interface Peering {
  readonly gossip: Gossip
  readonly catchingUp: boolean
  /** Blocks are fetched no more; answers go on. */
  halt(): void
  /** Nobody is spoken to any more. */
  stop(): Promise<void>
}

/** What peering is made from. */
export interface PeeringInit {
  readonly chainId: string
  readonly genesisHash: Uint8Array
  readonly network: ChainNetwork
  readonly node: HandlerParts['chain'] & {
    baseFee(): bigint
    onBlock(listener: () => void): () => void
  }
  readonly chain: AppliedChain
  readonly pool: TransactionPool
  readonly application: LedgerApplication
  readonly validator: Validator
  readonly snapshots: NonNullable<HandlerParts['snapshots']>
  readonly verify: Verify
  readonly trustedTo: TrustedBlock | undefined
  onFailure(error: unknown): void
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** Speaks with every node of the chain: gossip, blocks that are missing here, and what others ask for. */
export function startPeering(init: PeeringInit): Peering {
  const { chainId, network, node, chain, pool, verify, clock, random, logger } = init
  const { blocks } = chain.store
  const onApplied = (listener: () => void): (() => void) => node.onBlock(() => listener())
  const gossip = startGossip({
    chainId,
    genesisHash: init.genesisHash,
    network,
    driver: () => init.validator.driver,
    pool,
    head: () => ({ height: chain.head.height, first: blocks.first ?? 0 }),
    onApplied,
    verify,
    clock,
    random,
    logger,
  })
  const sync = startBlockSync({
    chainId,
    network,
    peers: gossip.peers,
    chain: syncChain(init, onApplied),
    verify,
    trustedTo: init.trustedTo,
    onFailure: init.onFailure,
    clock,
    logger,
  })
  const { snapshots } = init
  const baseFee = (): bigint => node.baseFee()
  const handlers = createHandlers({ chain: node, baseFee, blocks, gossip, snapshots, clock })
  const stopServing = network.serve(handlers)
  let stopping: Promise<void> | undefined
  const stopSync = (): Promise<void> => {
    stopping ??= sync.stop()
    return stopping
  }
  return {
    gossip,
    get catchingUp() {
      return sync.catchingUp
    },
    halt: () => void stopSync().catch(error => logger.error({ error }, 'block sync did not stop')),
    async stop() {
      stopServing()
      await stopSync()
      await gossip.stop()
    },
  }
}

function syncChain(
  { chain, application, validator }: PeeringInit,
  onApplied: SyncChain['onApplied'],
): SyncChain {
  return {
    head: () => chain.head,
    onApplied,
    feed({ bytes, open, headerHash, precommits }) {
      application.noteOpened(bytes, open)
      validator.driver?.feed({ type: 'synced', headerHash, bytes, precommits })
    },
    pause: () => validator.pause(),
    async apply(block) {
      await application.append({ ...block, partsRoot: bytesOf(block.partsRoot) })
    },
    resume: () => validator.start(chain.beginning),
  }
}
