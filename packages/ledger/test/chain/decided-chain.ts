import path from 'node:path'
import { silentLogger, systemClock } from '@neurovoyance/protocol'
import { LedgerApplication } from '../../src/chain/application/application.js'
import { boundedVerifier } from '../../src/chain/application/bounded-verifier.js'
import { EvidencePool } from '../../src/chain/application/evidence-pool.js'
import { AppliedChain } from '../../src/chain/applied-chain.js'
import type { TrustedBlock } from '../../src/chain/chain.js'
import { OpenedTransactions } from '../../src/chain/pool/opened-transactions.js'
import { TransactionPool } from '../../src/chain/pool/transaction-pool.js'
import { settleSettings } from '../../src/chain/settings.js'
import { type Vote, wholeCandidate } from '../../src/consensus/core/index.js'
import { signedBytesOf } from '../../src/consensus/wire/signed-bytes.js'
import { nativeVerifierAside } from '../../src/crypto/native-verify.js'
import { genesisHash } from '../../src/genesis/index.js'
import {
  actions,
  assembleBlock,
  type BlockContent,
  createNetworkLedger,
  idOf,
  openTransaction,
  type TransactionInit,
  verifyZip215,
} from '../../src/index.js'
import { type LedgerStore, nativeVerifier, openLedgerStore } from '../../src/node/index.js'
import { CHAIN, type Person, person } from '../machine/chain.js'
import { alice, bob, genesisOf, keyOf, transactionOf, validators, Workplace } from './local-chain.js'

/** Has coins from the genesis on, as Alice has. */
export const carol = person(3)
/** The two validators: this node's own, and somebody who need not keep the rules. */
export const [proposer, other] = validators as [Person, Person]
/** The time of these tests, in milliseconds. */
export const NOW = Date.UTC(2026, 5, 1)

export const genesis = genesisOf(2, {}, [alice, carol], NOW - 60_000)

/** What a block is to those who judge and decide it. */
export interface GivenBlock {
  readonly headerHash: string
  readonly bytes: Uint8Array
}

/** A chain on the disk, and the application that proposes and judges on it: a test decides in place of consensus. */
export class DecidedChain {
  readonly #place = new Workplace()
  readonly #verifier = boundedVerifier(nativeVerifier())
  readonly #machine = createNetworkLedger({ chainId: CHAIN, verify: this.#verifier.verify })
  #dir!: string
  store!: LedgerStore
  applied!: AppliedChain
  pool!: TransactionPool
  evidence!: EvidencePool
  application!: LedgerApplication
  /** A pool that takes all that it can read, and who proposes from it. */
  careless!: { pool: TransactionPool; application: LedgerApplication }

  readonly state = { get: (key: string) => this.applied.state.get(key) }
  readonly head = () => this.applied.head

  /** A chain before its first block. */
  static async begin(): Promise<DecidedChain> {
    const chain = new DecidedChain()
    chain.#dir = path.join(await chain.#place.folder(), 'store')
    await chain.#open()
    return chain
  }

  async #open(trustedTo?: TrustedBlock): Promise<void> {
    const clock = { ...systemClock, now: () => NOW }
    const machine = this.#machine
    const store = await openLedgerStore({ dir: this.#dir })
    this.store = store
    const hash = genesisHash(genesis)
    const chain = await AppliedChain.open({ store, machine, genesis, genesisHash: hash, trustedTo, clock })
    const evidence = new EvidencePool()
    const opened = new OpenedTransactions()
    const pool = new TransactionPool({ chain, opened, verify: nativeVerifierAside() })
    chain.onBlock = effects => pool.settle(effects)
    const parts = { chain, pool, opened, evidence, verifier: this.#verifier, clock, logger: silentLogger }
    const settings = { ...settleSettings({}, 60_000), proposer: proposer.publicKey }
    const all = new TransactionPool({ chain, opened, verify: async () => true })
    this.applied = chain
    this.evidence = evidence
    this.pool = pool
    this.application = new LedgerApplication({ ...parts, ...settings })
    this.careless = { pool: all, application: new LedgerApplication({ ...parts, ...settings, pool: all }) }
  }

  /** Opens what is on the disk, as a node does that starts again. */
  async reopen(trustedTo?: TrustedBlock): Promise<void> {
    await this.store.close()
    await this.#open(trustedTo)
  }

  async clear(): Promise<void> {
    await this.store.close()
    await this.#place.clear()
  }

  /** Somebody gives Bob a base unit. */
  pay(from: Person, init: Partial<TransactionInit> = {}) {
    return transactionOf(this, from, [actions.transfer(bob.address, 1n)], init)
  }

  /** A block of somebody who need not keep the rules. */
  blockOf(content: Partial<BlockContent>): GivenBlock {
    const { headerHash, bytes } = assembleBlock(this.head(), {
      chainId: CHAIN,
      timeMs: NOW,
      proposer: other.publicKey,
      transactions: [],
      evidence: [],
      lastCommit: undefined,
      ...content,
    })
    return { headerHash: idOf(headerHash), bytes }
  }

  /** What this node says of another's first block. */
  judge(block: GivenBlock) {
    return this.application.check({ type: 'checkProposal', height: 1, round: 0, blockId: '', ...block })
  }

  /** The next block, as this node proposes it, or who is given in its place. */
  build(application = this.application) {
    const height = this.head().height + 1
    return application.build({ type: 'buildProposal', height, round: 0, lastCommit: undefined })
  }

  /** Decides a block by the precommits of both. */
  decide({ headerHash, bytes }: GivenBlock) {
    const height = this.head().height + 1
    const { blockId, partsRoot } = wholeCandidate(height, headerHash, bytes, 65_536)
    const commit = { height, round: 0, blockId, signatures: precommitsOf(height, blockId) }
    return this.application.decide({
      type: 'decide',
      height,
      round: 0,
      blockId,
      headerHash,
      partsRoot,
      bytes,
      commit,
    })
  }
}

/** A transaction as a block takes it. */
export const opened = ({ bytes }: { bytes: Uint8Array }) => ({
  transaction: openTransaction(bytes, { chainId: CHAIN, verify: verifyZip215 }),
  bytes,
})

/** A validator's precommit for a block. */
export function voteOf(person: Person, height: number, blockId: string): Vote {
  const vote = { type: 'precommit', height, round: 0, blockId, validRound: -1 } as const
  const validator = idOf(person.publicKey)
  const signed = signedBytesOf(CHAIN, { kind: 'vote', ...vote, validator })
  return { ...vote, validator, signature: keyOf(person).sign(signed) as Uint8Array }
}

/** The precommits of both validators for a block. */
export const precommitsOf = (height: number, blockId: string) =>
  [proposer, other].map(person => {
    const { validator, signature } = voteOf(person, height, blockId)
    return { validator, signature }
  })
