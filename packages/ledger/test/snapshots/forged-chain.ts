import { createHash } from 'node:crypto'
import { Commit, createSigner, formatAddress, type Signer, systemClock } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { ChainQueries } from '../../src/chain/answers/queries.js'
import { AppliedChain } from '../../src/chain/applied-chain.js'
import { chainFolder } from '../../src/chain/folder.js'
import { precommitsOf } from '../../src/chain/record/commit.js'
import { rotate, wholeCandidate } from '../../src/consensus/core/index.js'
import {
  accountOf,
  actions,
  addressOf,
  assembleBlock,
  buildTransaction,
  bytesOf,
  createNetworkLedger,
  Draft,
  type GenesisDocument,
  genesisHash,
  headerHashOf,
  idOf,
  localGenesis,
  type Machine,
  openBlock,
  openTransaction,
  soleKey,
  voteBytes,
  zip215,
} from '../../src/index.js'
import { nativeVerifier } from '../../src/node/index.js'
import { type LedgerStore, openLedgerStore } from '../../src/store/index.js'

export const START_MS = Date.UTC(2026, 0, 1)
const verify = zip215(nativeVerifier())

const signerOf = (name: string): Signer => createSigner(createHash('sha256').update(name).digest())

/** Somebody with one key. */
export interface Person {
  readonly signer: Signer
  readonly address: string
}

export function personOf(name: string): Person {
  const signer = signerOf(name)
  return { signer, address: formatAddress(addressOf(soleKey(signer.publicKey))) }
}

export const machineOf = (chainId: string): Machine => createNetworkLedger({ chainId, verify })

const secrets = [1, 2, 3, 4].map(seed => createHash('sha256').update(`validator ${seed}`).digest())
const secretOf = new Map(secrets.map(secret => [idOf(ed25519.getPublicKey(secret)), secret]))
export const client = personOf('client')

export const genesisOf = (chainId: string): GenesisDocument =>
  localGenesis({
    chainId,
    timeMs: START_MS,
    machine: machineOf(chainId),
    validators: secrets.map((secret, index) => ({
      consensusKey: ed25519.getPublicKey(secret),
      owner: personOf(`owner ${index}`).address,
    })),
    clients: [client.address],
  })

/** A chain on a disk whose blocks are decided at once: every validator's key is here. */
export class ForgedChain {
  readonly chain: AppliedChain
  readonly store: LedgerStore
  readonly genesis: GenesisDocument
  readonly #queries: ChainQueries
  #nonce: number

  private constructor(chain: AppliedChain, store: LedgerStore, genesis: GenesisDocument) {
    this.chain = chain
    this.store = store
    this.genesis = genesis
    this.#queries = new ChainQueries(store, () => chain.head.height)
    const id = idOf(addressOf(soleKey(client.signer.publicKey)))
    this.#nonce = accountOf({ draft: new Draft(store.state), timeMs: chain.head.timeMs }, id).nonce
  }

  static async open(dir: string, genesis: GenesisDocument): Promise<ForgedChain> {
    const store = await openLedgerStore({ dir: chainFolder(dir).store })
    const machine = machineOf(genesis.chainId)
    const init = { store, machine, genesis, genesisHash: genesisHash(genesis), clock: systemClock }
    return new ForgedChain(await AppliedChain.open(init), store, genesis)
  }

  /** Makes blocks of so many transfers, one after the other; every third is decided in its second round. */
  async grow(blocks: number, transfers = 1, stepMs = 1_000): Promise<void> {
    for (let block = 0; block < blocks; block++) await this.#block(transfers, stepMs)
  }

  async #block(transfers: number, stepMs: number): Promise<void> {
    const { chain, genesis } = this
    const { chainId } = genesis
    const { head, beginning } = chain
    const height = head.height + 1
    const round = height % 3 === 0 ? 1 : 0
    let turn = rotate(beginning.validators)
    for (let at = 0; at < round; at++) turn = rotate(turn.set)
    const transactions = await Promise.all(Array.from({ length: transfers }, () => this.#transfer()))
    const opened = transactions.map(bytes => ({
      bytes,
      transaction: openTransaction(bytes, { chainId, verify }),
    }))
    const { header, bytes } = assembleBlock(head, {
      chainId,
      timeMs: head.timeMs + stepMs,
      proposer: bytesOf(turn.proposer),
      transactions: opened,
      evidence: [],
      lastCommit: this.#lastCommit(),
    })
    const headerHash = headerHashOf(header)
    const whole = wholeCandidate(height, idOf(headerHash), bytes, 65_536)
    const id = bytesOf(whole.blockId)
    const message = voteBytes(chainId, { type: 'precommit', height, round, block: id })
    const signatures = beginning.validators.validators.map((member, validator) => ({
      validator,
      signature: ed25519.sign(message, secretOf.get(member.id)!),
    }))
    const commit = { height, round, block: id, signatures }
    const open = openBlock(bytes, { chainId, verify })
    await chain.append({
      id,
      bytes,
      open,
      applied: chain.execute({ ...open, ...open.header }),
      partsRoot: bytesOf(whole.partsRoot),
      parts: whole.parts.length,
      commit,
      precommits: precommitsOf(commit, beginning.validators),
    })
  }

  #lastCommit(): Commit | undefined {
    const stored = this.store.blocks.block(this.height)
    return stored && Commit.decode(stored.commit)
  }

  async #transfer(): Promise<Uint8Array> {
    const nonce = this.#nonce++
    const { bytes } = await buildTransaction({
      chainId: this.genesis.chainId,
      sender: client.address,
      keys: soleKey(client.signer.publicKey),
      nonce,
      validUntil: 1_000_000,
      maxFee: 1_000_000_000n,
      actions: [actions.transfer(personOf(`friend ${nonce % 50}`).address, BigInt(1_000 + nonce))],
      signers: [client.signer],
    })
    return bytes
  }

  get height(): number {
    return this.chain.head.height
  }

  lightBlock(height?: number): Uint8Array | undefined {
    return this.#queries.lightBlock(height)
  }

  close(): Promise<void> {
    return this.store.close()
  }
}
