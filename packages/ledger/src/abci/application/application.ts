import { join } from 'node:path'
import { type Logger, silentLogger } from '@neurovoyance/protocol'
import { hashBy } from '../../core/crypto/sha256.js'
import { type Verify, zip215 } from '../../core/crypto/zip215.js'
import type { Machine } from '../../core/machine/machine.js'
import { Mempool } from '../../core/mempool/mempool.js'
import { createNetworkLedger } from '../../core/modules/index.js'
import { nativeSha256Into } from '../../crypto/native-sha256.js'
import { nativeVerifier } from '../../crypto/native-verify.js'
import { checkTx } from '../handlers/check-tx.js'
import { commit } from '../handlers/commit.js'
import { finalizeBlock } from '../handlers/finalize-block.js'
import { info } from '../handlers/info.js'
import { initChain } from '../handlers/init-chain.js'
import { prepareProposal, processProposal } from '../handlers/proposal.js'
import { query } from '../handlers/query.js'
import { applySnapshotChunk, listSnapshots, loadSnapshotChunk, offerSnapshot } from '../handlers/snapshots.js'
import { extendVote, verifyVoteExtension } from '../handlers/vote-extension.js'
import type { RequestKind, RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'
import { Executions } from './execution.js'
import { Keeper, type LedgerHead } from './keeper.js'
import type { Ledger } from './ledger.js'
import { Openings } from './openings.js'
import { Restoration } from './restoration.js'
import { type SnapshotPlan, SnapshotShelf } from './snapshot-shelf.js'

/** What a ledger under CometBFT is made from. */
export interface AbciApplicationInit {
  /** A folder of its own: state and snapshots. Made where it is absent. */
  readonly dir: string
  readonly chainId: string
  /**
   * Makes the rules, with the verifier that they are given; the network's own when left out. Evidence has to take
   * the engine's word (`accusers: 'engine'`).
   */
  readonly machine?: (init: { chainId: string; verify: Verify }) => Machine
  /** Blocks that CometBFT keeps; all when left out. */
  readonly keepBlocks?: number
  /** Snapshots for others to begin with; none when left out. */
  readonly snapshots?: SnapshotPlan
  /** Memory for values of the state; 256 MiB when left out. */
  readonly cacheBytes?: number
  readonly logger?: Logger
}

/** The ledger's state machine, as CometBFT asks it. */
export interface AbciApplication {
  readonly machine: Machine
  /** The last committed block; `undefined` before the genesis. */
  readonly head: LedgerHead | undefined
  /** Answers a request. One at a time, of all connections: each sees what the one before it left. */
  answer<Kind extends RequestKind>(
    kind: Kind,
    request: RequestOf<Kind>,
  ): ResponseOf<Kind> | Promise<ResponseOf<Kind>>
  /** Resolves when no snapshot is being made. */
  settled(): Promise<void>
  /** Waits for what is being written and lets go of the folder. */
  close(): Promise<void>
}

type Handlers = {
  readonly [Kind in RequestKind]: (request: RequestOf<Kind>) => ResponseOf<Kind> | Promise<ResponseOf<Kind>>
}

/**
 * Opens the ledger for CometBFT.
 *
 * @throws StoreError as `openLedgerStore`
 */
export async function openAbciApplication(init: AbciApplicationInit): Promise<AbciApplication> {
  const { dir, chainId, logger = silentLogger, keepBlocks, snapshots, cacheBytes } = init
  hashBy(nativeSha256Into)
  const slow = { count: 0 }
  const strict = nativeVerifier()
  const makeMachine = init.machine ?? (from => createNetworkLedger({ ...from, accusers: 'engine' }))
  const keeper = await Keeper.open({ dir, ...(cacheBytes === undefined ? {} : { cacheBytes }) })
  const ledger: Ledger = {
    machine: makeMachine({ chainId, verify: zip215(strict, () => void slow.count++) }),
    keeper,
    get state() {
      return keeper.state
    },
    openings: new Openings(chainId, strict),
    strict,
    executions: new Executions(),
    pool: new Mempool(),
    slow,
    shelf: new SnapshotShelf(join(dir, 'snapshots'), snapshots, logger),
    restoration: new Restoration(join(dir, 'restoring')),
    keepBlocks,
    logger,
  }
  await ledger.restoration.drop()
  const handlers = handlersOf(ledger)
  return {
    machine: ledger.machine,
    get head() {
      return keeper.head
    },
    answer: (kind, request) => handlers[kind](request),
    settled: () => ledger.shelf.settled(),
    async close() {
      await ledger.shelf.settled()
      await keeper.close()
    },
  }
}

const handlersOf = (ledger: Ledger): Handlers => ({
  echo: ({ message }) => ({ message }),
  flush: () => ({}),
  info: () => info(ledger),
  initChain: request => initChain(ledger, request),
  query: request => query(ledger, request),
  checkTx: request => checkTx(ledger, request),
  prepareProposal: request => prepareProposal(ledger, request),
  processProposal: request => processProposal(ledger, request),
  extendVote,
  verifyVoteExtension,
  finalizeBlock: request => finalizeBlock(ledger, request),
  commit: () => commit(ledger),
  listSnapshots: () => listSnapshots(ledger),
  offerSnapshot: request => offerSnapshot(ledger, request),
  loadSnapshotChunk: request => loadSnapshotChunk(ledger, request),
  applySnapshotChunk: request => applySnapshotChunk(ledger, request),
})
