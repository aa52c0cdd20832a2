import {
  applyBlock,
  assembleBlock,
  blockIdFrom,
  type ChainCall,
  type ChainHead,
  type Changes,
  createNetworkLedger,
  createStateTree,
  Draft,
  type GenesisDocument,
  genesisHash,
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
import { type Commit, Header, LightBlock, NeurovoyanceError } from '@neurovoyance/protocol'
import { type Wallet, walletFromKey } from '../../src/wallet/index.js'

/** A wallet whose key follows from a number. */
export const walletOf = (seed: number): Wallet => walletFromKey(new Uint8Array(32).fill(seed))

/** A transaction in a block. */
interface Settled {
  readonly receipt: Receipt
  readonly height: number
  readonly index: number
  readonly bytes: Uint8Array
}

/** How a node answers a method in place of the honest way. */
export type Lies = Partial<Record<string, (honest: unknown, request: never) => unknown>>

/** A chain in memory, as its nodes would tell of it: real rules, real signatures, real proofs. */
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
    const blockId = blockIdFrom(Header.encode(header), 1, NO_HASH)
    const message = voteBytes(chainId, { type: 'precommit', height, round: 0, block: blockId })
    const signatures = this.validators.map((wallet, validator) => ({
      validator,
      signature: wallet.sign(message),
    }))
    this.#commit = { height, round: 0, block: blockId, signatures }
    const { validators, nextValidators } = head
    this.#lightBlocks.push(
      LightBlock.encode({
        header,
        parts: 1,
        partsRoot: NO_HASH,
        commit: this.#commit,
        validators,
        nextValidators,
      }),
    )
    this.#head = {
      height,
      timeMs,
      blockId,
      stateRoot: this.#tree.root(),
      receiptsRoot: receiptsRootOf(applied.receipts),
      validators: nextValidators,
      nextValidators,
    }
  }

  /** The block that a header of a height would have, of the newest when left out. */
  lightBlock(height = this.height): Uint8Array {
    const bytes = this.#lightBlocks[height - 1]
    if (bytes === undefined) throw new NeurovoyanceError('LEDGER_NOT_FOUND', `there is no block ${height}`)
    return bytes
  }

  /** Answers as an honest node of the chain. */
  async answer(method: string, body: never): Promise<{ body: object; attachments: Uint8Array[] }> {
    const given = body as {
      height?: number
      keys: string[]
      id: Uint8Array
      waitMs: number
      account: Uint8Array
    }
    switch (method) {
      case 'Status':
        return plain({
          chainId: this.genesis.chainId,
          genesis: genesisHash(this.genesis),
          height: this.height,
          catchingUp: false,
        })
      case 'LightBlock':
        return { body: { height: given.height ?? this.height }, attachments: [this.lightBlock(given.height)] }
      case 'Values':
        return {
          body: { height: this.height, values: given.keys.map(key => ({ present: this.#values.has(key) })) },
          attachments: given.keys.flatMap(key => [
            this.#values.get(key) ?? new Uint8Array(0),
            this.#tree.prove(key),
          ]),
        }
      case 'Transaction':
        return this.#transaction(given.id, given.waitMs)
      case 'History':
        return plain({ entries: this.#history() })
      default:
        throw new NeurovoyanceError('P2P_UNSUPPORTED_SERVICE', method)
    }
  }

  submit(bytes: Uint8Array): void {
    openTransaction(bytes, { chainId: this.machine.chainId, verify: verifyZip215 })
    this.#waiting.push(bytes)
  }

  /** Loses what waits. */
  forget(): void {
    this.#waiting = []
  }

  async #transaction(id: Uint8Array, waitMs: number): Promise<{ body: object; attachments: Uint8Array[] }> {
    const found = this.settled.get(idOf(id))
    if (found !== undefined) {
      const { receipt, height, index, bytes } = found
      const { code = '', message = '', fee } = receipt
      const proof = height < this.height && transactionProof(this.#receipts[height - 1]!, index)
      return plain({
        known: true,
        height,
        index,
        code,
        message,
        fee,
        transaction: bytes,
        ...(proof && { proof }),
      })
    }
    if (waitMs > 0 && this.#waiting.length > 0) {
      await new Promise<void>(resolve => this.#onBlock.push(resolve))
      return this.#transaction(id, 0)
    }
    const transaction = new Uint8Array(0)
    const known = this.#waiting.length > 0
    return plain({ known, height: 0, index: 0, code: '', message: '', fee: 0n, transaction })
  }

  #history() {
    return [...this.settled.values()]
      .map(({ receipt, height, index }) => ({ height, index, id: receipt.id }))
      .reverse()
  }

  #take(changes: Changes): void {
    this.#tree.apply(changes)
    for (const [key, value] of changes)
      value === undefined ? this.#values.delete(key) : this.#values.set(key, value)
  }
}

const plain = (body: object) => ({ body, attachments: [] })

/** As a remote call: it ends when its signal aborts. */
function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal === undefined) return answer
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([answer, aborted])
}

/** A network of nodes: some of them lie. */
export function nodesOf(nodes: Readonly<Record<string, { chain: TestChain; lies?: Lies }>>) {
  const calls: { node: string; method: string }[] = []
  const listeners = new Set<() => void>()
  const gone = new Set<string>()
  const call = async (
    node: string,
    method: string,
    message: { body: never; attachments?: Uint8Array[] },
    options: { signal?: AbortSignal } = {},
  ) => {
    calls.push({ node, method })
    for (const listener of [...listeners]) listener()
    if (gone.has(node)) throw new NeurovoyanceError('P2P_PEER_UNREACHABLE', `${node} is gone`)
    const { chain, lies = {} } = nodes[node]!
    if (method === 'Submit') {
      if (lies.Submit !== undefined) return lies.Submit(undefined, message as never)
      chain.submit(message.attachments![0]!)
      return { body: {}, attachments: [] }
    }
    const honest = await unlessAborted(chain.answer(method, message.body), options.signal)
    return lies[method]?.(honest, message as never) ?? honest
  }
  return {
    calls,
    /** Resolves when a method was asked for so many times. */
    asked: (method: string, times: number) =>
      new Promise<void>(resolve => {
        const look = () => {
          if (calls.filter(call => call.method === method).length < times) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
      }),
    /** Ends a node. */
    end: (node: string) => gone.add(node),
    peers: () => Object.keys(nodes),
    call: call as unknown as ChainCall,
  }
}
