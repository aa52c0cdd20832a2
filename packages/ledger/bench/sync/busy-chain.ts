import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import {
  accounts as accountsOf,
  actions,
  addressOf,
  applyBlock,
  assembleBlock,
  bytesOf,
  type ChainHead,
  createNetworkLedger,
  createStateTree,
  Draft,
  type GenesisDocument,
  genesisState,
  headerHashOf,
  idOf,
  localGenesis,
  NO_HASH,
  type OpenTransaction,
  openTransaction,
  receiptsRootOf,
  type StateTree,
  signedBytes,
  soleKey,
  validatorSetOf,
  voteBytes,
} from '@neurovoyance/ledger'
import {
  firstBeginning,
  genesisSet,
  nextBeginning,
  rotate,
  wholeCandidate,
} from '@neurovoyance/ledger/consensus'
import { nativeHasher } from '@neurovoyance/ledger/node'
import { Commit, formatAddress, LightBlock, Transaction, TransactionBody } from '@neurovoyance/protocol'

export const CHAIN = 'bench-sync-1'
export const START_MS = Date.UTC(2026, 0, 1)
const BLOCK_MS = 1_000
const PART_BYTES = 65_536
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key that the platform signs with. */
interface Key {
  readonly secret: KeyObject
  readonly publicKey: Uint8Array
}

function keyOf(name: string): Key {
  const seed = createHash('sha256').update(name).digest()
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const der = createPublicKey(secret).export({ format: 'der', type: 'spki' })
  return { secret, publicKey: new Uint8Array(der.subarray(-32)) }
}

const signed = ({ secret }: Key, message: Uint8Array): Uint8Array =>
  new Uint8Array(sign(null, message, secret))

/** A decided block as it travels. */
export interface MadeBlock {
  readonly block: Uint8Array
  readonly commit: Uint8Array
  readonly light: Uint8Array
}

const validators = ['north', 'east', 'south', 'west'].map(keyOf)
const secretOf = new Map(validators.map(key => [idOf(key.publicKey), key]))
const addressFor = (publicKey: Uint8Array): string => formatAddress(addressOf(soleKey(publicKey)))

/** Makes a chain: whatever is asked for is decided by all of its validators at once. */
export class BusyChain {
  readonly genesis: GenesisDocument
  readonly blocks: MadeBlock[] = []
  readonly tree: StateTree = createStateTree({ hasher: nativeHasher })
  readonly #values = new Map<string, Uint8Array>()
  readonly #machine = createNetworkLedger({ chainId: CHAIN, verify: () => true })
  readonly #senders: readonly Key[]
  #head: ChainHead
  #beginning: ReturnType<typeof firstBeginning>
  #lastCommit: Commit | undefined
  #made = 0

  constructor(senders: number) {
    this.#senders = Array.from({ length: senders }, (_, index) => keyOf(`sender ${index}`))
    this.genesis = localGenesis({
      chainId: CHAIN,
      timeMs: START_MS,
      machine: this.#machine,
      validators: validators.map(({ publicKey }) => ({
        consensusKey: publicKey,
        owner: addressFor(publicKey),
      })),
      clients: this.#senders.map(({ publicKey }) => addressFor(publicKey)),
    })
    this.#take(genesisState(this.#machine, this.genesis).changes)
    const set = validatorSetOf(new Draft(this.#view))
    this.#beginning = firstBeginning(
      genesisSet(
        set.validators.map(({ publicKey, power }) => ({ id: idOf(publicKey), power: BigInt(power) })),
      ),
    )
    this.#head = {
      height: 0,
      timeMs: START_MS,
      blockId: NO_HASH,
      stateRoot: this.tree.root(),
      receiptsRoot: NO_HASH,
      validators: set,
      nextValidators: set,
    }
  }

  get height(): number {
    return this.#head.height
  }

  /** Id of the newest block, hexadecimal. */
  get blockId(): string {
    return idOf(this.#head.blockId)
  }

  /** Whose turn it is after the last block. */
  get beginning() {
    return this.#beginning
  }

  /** Makes a block of so many signed transfers. */
  grow(transfers: number): void {
    const head = this.#head
    const height = head.height + 1
    const timeMs = head.timeMs + BLOCK_MS
    const transactions = Array.from({ length: transfers }, () => this.#transfer())
    const proposer = bytesOf(rotate(this.#beginning.validators).proposer)
    const content = {
      chainId: CHAIN,
      timeMs,
      proposer,
      transactions,
      evidence: [],
      lastCommit: this.#lastCommit,
    }
    const { header, bytes } = assembleBlock(head, content)
    const whole = wholeCandidate(height, idOf(headerHashOf(header)), bytes, PART_BYTES)
    const block = bytesOf(whole.blockId)
    const message = voteBytes(CHAIN, { type: 'precommit', height, round: 0, block })
    const members = this.#beginning.validators.validators
    const signatures = members.map(({ id }, validator) => ({
      validator,
      signature: signed(secretOf.get(id)!, message),
    }))
    const commit: Commit = { height, round: 0, block, signatures }
    const { changes, receipts } = applyBlock(this.#machine, this.#view, {
      height,
      timeMs,
      previousTimeMs: head.timeMs,
      proposer,
      transactions: transactions.map(({ transaction }) => transaction),
    })
    const failed = receipts.find(({ code }) => code !== undefined)
    if (failed !== undefined) throw new Error(`a transfer failed: ${failed.message}`)
    this.#take(changes)
    this.blocks.push({
      block: bytes,
      commit: Commit.encode(commit),
      light: LightBlock.encode({
        header,
        parts: whole.parts.length,
        partsRoot: bytesOf(whole.partsRoot),
        commit,
        validators: head.validators,
        nextValidators: head.nextValidators,
      }),
    })
    this.#lastCommit = commit
    this.#beginning = nextBeginning(this.#beginning, [], [], false)
    const stateRoot = this.tree.root()
    const receiptsRoot = receiptsRootOf(receipts)
    this.#head = { ...head, height, timeMs, blockId: block, stateRoot, receiptsRoot }
  }

  /** Puts so many accounts into the state, as if earlier blocks had. */
  fill(count: number, encoded: Uint8Array): void {
    const changes = new Map<string, Uint8Array>()
    for (let index = 0; index < count; index++) {
      const id = createHash('sha256').update(`filled ${index}`).digest('hex')
      changes.set(accountsOf.key(id), encoded)
    }
    this.#take(changes)
    this.#head = { ...this.#head, stateRoot: this.tree.root() }
  }

  /** Every key and value, in order of the keys. */
  entries(): readonly (readonly [string, Uint8Array])[] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  readonly #view = { get: (key: string): Uint8Array | undefined => this.#values.get(key) }

  #transfer(): { transaction: OpenTransaction; bytes: Uint8Array } {
    const count = this.#senders.length
    const index = this.#made % count
    const nonce = Math.floor(this.#made++ / count)
    const sender = this.#senders[index]!
    const to = this.#senders[(index * 7 + 1) % count]!
    const keys = soleKey(sender.publicKey)
    const body = TransactionBody.encode({
      version: 1,
      sender: addressOf(keys),
      nonce,
      validUntil: 1_000_000,
      maxFee: 1_000_000_000n,
      tip: 0n,
      memo: '',
      actions: [actions.transfer(addressOf(soleKey(to.publicKey)), 1_000n)],
      ...(nonce === 0 && { keys }),
    })
    const signature = signed(sender, signedBytes(CHAIN, body))
    const bytes = Transaction.encode({ body, signatures: [{ publicKey: sender.publicKey, signature }] })
    return { bytes, transaction: openTransaction(bytes, { chainId: CHAIN, verify: () => true }) }
  }

  #take(changes: ReadonlyMap<string, Uint8Array | undefined>): void {
    this.tree.apply(changes)
    for (const [key, value] of changes) {
      if (value === undefined) this.#values.delete(key)
      else this.#values.set(key, value)
    }
  }
}
