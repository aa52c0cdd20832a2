import {
  applyBlock,
  assembleBlock,
  blockIdFrom,
  type ChainHead,
  type Changes,
  createNetworkLedger,
  createStateTree,
  Draft,
  type GenesisDocument,
  genesisState,
  idOf,
  localGenesis,
  type Machine,
  NO_HASH,
  openTransaction,
  type Receipt,
  receiptsRootOf,
  validatorSetOf,
  verifyZip215,
  voteBytes,
} from '@neurovoyance/ledger'
import { transactionProof } from '@neurovoyance/ledger/light'
import {
  type Commit,
  Header,
  LightBlock,
  NeurovoyanceError,
  type TransactionProof,
} from '@neurovoyance/protocol'
import { type Wallet, walletFromKey } from '../../src/wallet/index.js'

/** A wallet whose key follows from a number. */
export const walletOf = (seed: number): Wallet => walletFromKey(new Uint8Array(32).fill(seed))

/** A transaction in a block. */
export interface Settled {
  readonly receipt: Receipt
  readonly height: number
  readonly index: number
  readonly bytes: Uint8Array
}

/** A chain in memory: real rules, real signatures, real proofs. */
export class TestChain {
  readonly genesis: GenesisDocument
  readonly machine: Machine
  readonly validators: readonly Wallet[]
  readonly settled = new Map<string, Settled>()
  readonly #values = new Map<string, Uint8Array>()
  readonly #tree = createStateTree()
  readonly #lightBlocks: Uint8Array[] = []
  readonly #receipts: (readonly Receipt[])[] = []
  #head: ChainHead
  #commit: Commit | undefined
  #waiting: Uint8Array[] = []
  #onBlock: (() => void)[] = []

  constructor({
    startMs,
    validators = 4,
    clients,
    parameters = {},
    begun = true,
  }: {
    startMs: number
    validators?: number
    clients: readonly string[]
    parameters?: Readonly<Record<string, bigint>>
    /** Whether it has a first block. */
    begun?: boolean
  }) {
    this.validators = Array.from({ length: validators }, (_, index) => walletOf(100 + index)).sort((a, b) =>
      idOf(a.publicKey) < idOf(b.publicKey) ? -1 : 1,
    )
    this.genesis = localGenesis({
      chainId: 'test-1',
      timeMs: startMs,
      parameters,
      validators: this.validators.map(({ publicKey, address }) => ({
        consensusKey: publicKey,
        owner: address,
      })),
      clients,
    })
    this.machine = createNetworkLedger({ chainId: this.genesis.chainId })
    this.#take(genesisState(this.machine, this.genesis).changes)
    const set = validatorSetOf(this.draft())
    this.#head = {
      height: 0,
      timeMs: startMs,
      blockId: NO_HASH,
      stateRoot: this.#tree.root(),
      receiptsRoot: NO_HASH,
      validators: set,
      nextValidators: set,
    }
    if (begun) this.produce()
  }

  get height(): number {
    return this.#head.height
  }

  draft(): Draft {
    return new Draft({ get: key => this.#values.get(key) })
  }

  /** Makes a block of what waits, and one more that shows what it did. */
  settle(afterMs = 1_000): void {
    this.produce(afterMs)
    this.produce()
    for (const listener of this.#onBlock.splice(0)) listener()
  }

  produce(afterMs = 1_000): void {
    const { chainId } = this.machine
    const opened = this.#waiting.map(bytes => ({
      bytes,
      transaction: openTransaction(bytes, { chainId, verify: verifyZip215 }),
    }))
    this.#waiting = []
    const head = this.#head
    const timeMs = head.timeMs + afterMs
    const proposer = this.validators[0]!.publicKey
    const { header } = assembleBlock(head, {
      chainId,
      timeMs,
      proposer,
      transactions: opened,
      evidence: [],
      lastCommit: this.#commit,
    })
    const { height } = header
    const applied = applyBlock(
      this.machine,
      { get: key => this.#values.get(key) },
      {
        height,
        timeMs,
        previousTimeMs: head.timeMs,
        proposer,
        transactions: opened.map(item => item.transaction),
      },
    )
    this.#take(applied.changes)
    this.#receipts.push(applied.receipts)
    applied.receipts.forEach((receipt, index) => {
      this.settled.set(idOf(receipt.id), { receipt, height, index, bytes: opened[index]!.bytes })
    })
    const commit = this.#commitFor(header)
    this.#commit = commit
    const { validators, nextValidators } = head
    this.#lightBlocks.push(
      LightBlock.encode({
        header,
        parts: 1,
        partsRoot: NO_HASH,
        commit,
        validators,
        nextValidators,
      }),
    )
    this.#head = {
      height,
      timeMs,
      blockId: commit.block,
      stateRoot: this.#tree.root(),
      receiptsRoot: receiptsRootOf(applied.receipts),
      validators: nextValidators,
      nextValidators,
    }
  }

  /** All validators sign for the block of a header, which is one part. */
  #commitFor(header: Header): Commit {
    const { height } = header
    const block = blockIdFrom(Header.encode(header), 1, NO_HASH)
    const message = voteBytes(this.machine.chainId, { type: 'precommit', height, round: 0, block })
    const signatures = this.validators.map((wallet, validator) => ({
      validator,
      signature: wallet.sign(message),
    }))
    return { height, round: 0, block, signatures }
  }

  /** The block that a header of a height would have, of the newest when left out. */
  lightBlock(height = this.height): Uint8Array {
    const bytes = this.#lightBlocks[height - 1]
    if (bytes === undefined) throw new NeurovoyanceError('LEDGER_NOT_FOUND', `there is no block ${height}`)
    return bytes
  }

  /** What the newest state has under a key. */
  value(key: string): Uint8Array | undefined {
    return this.#values.get(key)
  }

  /** Proof of what the newest state has under a key, or that it has nothing. */
  prove(key: string): Uint8Array {
    return this.#tree.prove(key)
  }

  /** What shows how a transaction ended, once there is a block after its own. */
  proofOf({ height, index }: Pick<Settled, 'height' | 'index'>): TransactionProof | undefined {
    return height < this.height ? transactionProof(this.#receipts[height - 1]!, index) : undefined
  }

  /** Whether a transaction waits for a block. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Resolves when what waits has settled. */
  nextSettled(): Promise<void> {
    return new Promise(resolve => this.#onBlock.push(resolve))
  }

  submit(bytes: Uint8Array): void {
    openTransaction(bytes, { chainId: this.machine.chainId, verify: verifyZip215 })
    this.#waiting.push(bytes)
  }

  /** Loses what waits. */
  forget(): void {
    this.#waiting = []
  }

  #take(changes: Changes): void {
    this.#tree.apply(changes)
    for (const [key, value] of changes)
      value === undefined ? this.#values.delete(key) : this.#values.set(key, value)
  }
}
