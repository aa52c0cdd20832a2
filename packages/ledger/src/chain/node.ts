import type { Clock, Logger, Random, TransactionProof, ValidatorSet } from '@neurovoyance/protocol'
import type { ChainHead } from '../core/block/assemble.js'
import type { Machine } from '../core/machine/machine.js'
import { baseFeeOf } from '../core/modules/fees/fee-market.js'
import type { Parameters } from '../core/parameters/parameters.js'
import { Draft } from '../core/state/draft.js'
import type { StateView } from '../core/state/view.js'
import { provenNow } from './answers/proven.js'
import { ChainQueries } from './answers/queries.js'
import { Settlements } from './answers/settlements.js'
import { Waiters } from './answers/waiters.js'
import type { LedgerApplication } from './application/application.js'
import type { BoundedVerifier } from './application/bounded-verifier.js'
import type { EvidencePool } from './application/evidence-pool.js'
import type { AppliedChain, Effects } from './applied-chain.js'
import type {
  AppliedBlock,
  Chain,
  ChainSettings,
  ProvenValues,
  TransactionResult,
  ValidatorKey,
} from './chain.js'
import type { ChainFolder } from './folder.js'
import type { ChainNetwork } from './network.js'
import { type Peering, startPeering } from './peers/peering.js'
import type { TransactionPool } from './pool/transaction-pool.js'
import { consensusSettings } from './settings.js'
import type { SnapshotArtifacts } from './snapshots/artifacts.js'
import { type Snapshots, startSnapshots } from './snapshots/make.js'
import { createValidator, type Validator } from './validator.js'

/** What a node is put together from. */
export interface ChainNodeInit {
  readonly genesisHash: Uint8Array
  readonly chain: AppliedChain
  readonly pool: TransactionPool
  readonly evidence: EvidencePool
  readonly application: LedgerApplication
  readonly verifier: BoundedVerifier
  readonly settings: ChainSettings
  readonly folder: ChainFolder
  readonly key: ValidatorKey | undefined
  readonly network: ChainNetwork | undefined
  readonly artifacts: SnapshotArtifacts | undefined
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

type Stop = Awaited<Chain['stopped']>

/** A chain's node at work: consensus, pool, store and peers, and what can be asked of them. */
export class ChainNode implements Chain {
  readonly stopped: Promise<Stop>
  readonly #init: ChainNodeInit
  readonly #queries: ChainQueries
  readonly #settlements: Settlements
  readonly #heights = new Waiters<void>()
  readonly #listeners = new Set<(block: AppliedBlock) => void>()
  #validator: Validator | undefined
  #peering: Peering | undefined
  #snapshots: Snapshots | undefined
  #isAnnounced = false
  #isStopping = false
  #closing: Promise<void> | undefined
  #tellStopped: (stop: Stop) => void = () => {}

  constructor(init: ChainNodeInit) {
    this.#init = init
    this.#queries = new ChainQueries(init.chain.store, () => init.chain.head.height)
    this.#settlements = new Settlements({
      found: id => this.#queries.transaction(id),
      pool: init.pool,
      clock: init.clock,
    })
    this.stopped = new Promise(resolve => {
      this.#tellStopped = resolve
    })
    init.chain.onBlock = effects => this.#onBlock(effects)
    init.pool.onAdded = () => this.#announce()
  }

  get chainId(): string {
    return this.machine.chainId
  }

  get genesisHash(): Uint8Array {
    return this.#init.genesisHash
  }

  get machine(): Machine {
    return this.#init.chain.machine
  }

  get state(): StateView {
    return this.#init.chain.state
  }

  get pool(): { readonly size: number; readonly bytes: number } {
    return this.#init.pool
  }

  get catchingUp(): boolean {
    return this.#peering?.catchingUp ?? false
  }

  head(): ChainHead {
    return this.#init.chain.head
  }

  parameters(): Parameters {
    return this.#init.chain.parameters
  }

  validators(): ValidatorSet {
    return this.head().validators
  }

  /** Begins to decide with the others, or to follow them. */
  async start(): Promise<void> {
    const { chain, application, evidence, settings, folder, key, clock, logger, network } = this.#init
    const { artifacts } = this.#init
    if (artifacts !== undefined) {
      const { snapshotBlocks: everyBlocks } = settings
      const { store } = chain
      this.#snapshots = await startSnapshots({ store, dir: folder.snapshots, artifacts, everyBlocks, logger })
    }
    this.#validator = await createValidator({
      chainId: this.chainId,
      key,
      settings: consensusSettings(settings),
      store: chain.store,
      logFile: folder.log,
      signerFile: folder.signer,
      application,
      clock,
      logger,
      broadcast: message => this.#peering?.gossip.broadcast(message),
      onEvidence: found => {
        logger.warn({ validator: found.validator, fault: found.type }, 'a validator broke the rules')
        if (evidence.add(found)) this.#announce()
      },
      onFailure: error => this.#stop({ reason: 'failed', error }),
    })
    if (this.#isHalted()) {
      this.#stop({ reason: 'halted' })
      return
    }
    if (network !== undefined) {
      const { random, verifier, pool } = this.#init
      const { genesisHash, chainId } = this
      const shared = { network, clock, random, logger, genesisHash, chainId }
      this.#peering = startPeering({
        ...shared,
        node: this,
        chain,
        pool,
        application,
        validator: this.#validator,
        snapshots: () => this.#snapshots?.list() ?? [],
        verify: verifier.verifyVotes,
        trustedTo: settings.trustedTo,
        onFailure: error => this.#stop({ reason: 'failed', error }),
      })
    }
    await this.#validator.start(chain.beginning)
  }

  async submit(bytes: Uint8Array): Promise<Uint8Array> {
    const { id, isNew } = await this.#init.pool.admit(bytes)
    if (isNew) this.#peering?.gossip.announce(id, bytes)
    return id
  }

  async transaction(id: Uint8Array): Promise<TransactionResult | undefined> {
    const waiting = this.#init.pool.get(id)
    if (waiting === undefined) return this.#queries.transaction(id)
    return { id, height: 0, index: 0, fee: 0n, weight: 0, events: [], bytes: waiting.bytes }
  }

  settled(id: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<TransactionResult> {
    return this.#settlements.wait(id, signal)
  }

  async prove(keys: readonly string[], options?: { signal?: AbortSignal }): Promise<ProvenValues> {
    const proven = this.proven(keys)
    await this.reached(proven.height, options)
    return proven
  }

  /** Values of the state as it is now, with proofs under a header that may be due. */
  proven(keys: readonly string[]): ProvenValues {
    return provenNow(this.#init.chain, keys)
  }

  /** Resolves when the chain is at a height. */
  async reached(height: number, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (height > this.head().height) await this.#heights.wait(String(height), signal)
  }

  async proveTransaction(
    id: Uint8Array,
    options?: { signal?: AbortSignal },
  ): Promise<TransactionProof | undefined> {
    const height = this.#queries.heightOf(id)
    if (height === undefined || height > this.head().height) return undefined
    await this.reached(height + 1, options)
    return this.#queries.proof(id)
  }

  block(at?: number | Uint8Array): AppliedBlock | undefined {
    return this.#queries.block(at)
  }

  history(account: string, limit: number, before?: { height: number; index: number }) {
    return this.#queries.history(account, limit, before)
  }

  /** Where an account's transactions are, newest first. */
  entries(account: string, limit: number, before?: { height: number; index: number }) {
    return this.#queries.entries(account, limit, before)
  }

  lightBlock(height?: number): Uint8Array | undefined {
    return this.#queries.lightBlock(height)
  }

  baseFee(): bigint {
    return baseFeeOf({ draft: new Draft(this.state), parameters: this.parameters() })
  }

  onBlock(listener: (block: AppliedBlock) => void): () => void {
    const own = (block: AppliedBlock): void => listener(block)
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#stop({ reason: 'closed' })
    await this.#peering?.stop()
    await this.#validator?.stop()
    await this.#snapshots?.close()
    await this.#init.chain.store.close()
  }

  #onBlock(effects: Effects): void {
    const { pool } = this.#init
    const { block } = effects
    this.#settlements.applied(block)
    pool.settle(effects)
    this.#heights.tell(String(block.height))
    for (const listener of [...this.#listeners]) listener(block)
    this.#snapshots?.applied(block.height)
    if (this.#isHalted()) this.#stop({ reason: 'halted' })
    // when consensus has been told of this block, it hears of what waits for the next
    this.#init.clock.after(0, () => {
      this.#isAnnounced = false
      this.#announce()
    })
  }

  /** Tells consensus, once for each block, that there is something to put into the next one. */
  #announce(): void {
    const { pool, evidence } = this.#init
    const driver = this.#validator?.driver
    if (this.#isAnnounced || driver === undefined) return
    if (evidence.size === 0 && !pool.hasReady()) return
    this.#isAnnounced = true
    driver.feed({ type: 'transactions' })
  }

  #isHalted(): boolean {
    const { haltHeight } = this.#init.settings
    return haltHeight !== undefined && this.head().height >= haltHeight
  }

  /** Decides nothing any more; what is stored can still be asked for until the chain is closed. */
  #stop(stop: Stop): void {
    if (this.#isStopping) return
    this.#isStopping = true
    const { logger } = this.#init
    logger.info({ reason: stop.reason, height: this.head().height }, 'the chain stops here')
    this.#settlements.close()
    this.#heights.close()
    this.#peering?.halt()
    this.#validator?.stop().catch(error => logger.error({ error }, 'consensus did not stop'))
    this.#tellStopped(stop)
  }
}
