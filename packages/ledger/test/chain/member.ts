/** A node of a chain without state: real consensus with its files, gossip, block sync and answers. */
import path from 'node:path'
import { type Random, systemClock, systemRandom } from '@neurovoyance/protocol'
import type { TransactionResult, TrustedBlock } from '../../src/chain/chain.js'
import { type Gossip, startGossip } from '../../src/chain/gossip/gossip.js'
import type { GossipPool } from '../../src/chain/gossip/ports.js'
import type { GossipSettings } from '../../src/chain/gossip/settings.js'
import type { ChainNetwork } from '../../src/chain/network.js'
import { createHandlers } from '../../src/chain/peers/handlers.js'
import type { SyncSettings } from '../../src/chain/sync/settings.js'
import { type BlockSync, startBlockSync } from '../../src/chain/sync/sync.js'
import { DEFAULT_SETTINGS, type Settings, votesOf } from '../../src/consensus/core/index.js'
import { openEventLog } from '../../src/consensus/disk/event-log.js'
import { createSignerFile, openSignerFile } from '../../src/consensus/disk/signer-file.js'
import { type Driver, startDriver } from '../../src/consensus/driver.js'
import { checkLinks } from '../../src/core/block/check.js'
import { zip215 } from '../../src/core/crypto/zip215.js'
import { nativeVerifier } from '../../src/crypto/native-verify.js'
import { Blocks, CHAIN, GENESIS_HASH, type Key, readBlock } from './blocks.js'

/** Short where nothing goes wrong; patient with a busy machine. */
const settings: Settings = {
  ...DEFAULT_SETTINGS,
  timeouts: { ...DEFAULT_SETTINGS.timeouts, commitMs: 5, proposeMs: 1_500, prevoteMs: 700, precommitMs: 700 },
}

const GOSSIP: Partial<GossipSettings> = { stallMs: 200, retryMs: 20, maxRetryMs: 200, answerMs: 20 }
const SYNC: Partial<SyncSettings> = { graceMs: 100, retryMs: 20, maxRetryMs: 200, requestMs: 1_000 }

export interface MemberInit {
  folder: string
  network: ChainNetwork
  keys: readonly Key[]
  /** Absent for one that follows without a vote. */
  key?: Key
  blocks?: Blocks
  pool?: GossipPool
  genesisHash?: Uint8Array
  filling?: readonly Uint8Array[]
  gossip?: Partial<GossipSettings>
  sync?: Partial<SyncSettings>
  trustedTo?: TrustedBlock
  random?: Random
  /** Blocks after which it takes part no more. */
  until?: number
}

const emptyPool: GossipPool = {
  has: () => false,
  admit: () => {
    throw new RangeError('no transactions here')
  },
  waiting: () => [],
}

/** A node at work. */
export class Member {
  readonly blocks: Blocks
  readonly failures: unknown[] = []
  /** Resolves with what ended block sync. */
  readonly failed: Promise<unknown>
  #tellFailed: (error: unknown) => void = () => {}
  /** How often consensus stood still to catch up. */
  pauses = 0
  gossip!: Gossip
  sync!: BlockSync
  driver: Driver | undefined
  readonly #init: MemberInit
  readonly #listeners = new Set<() => void>()
  #unserve: (() => void) | undefined

  constructor(init: MemberInit) {
    this.#init = init
    this.failed = new Promise(resolve => {
      this.#tellFailed = resolve
    })
    this.blocks = init.blocks ?? new Blocks(init.keys)
  }

  get height(): number {
    return this.blocks.head.height
  }

  async start(): Promise<this> {
    const { network, key, folder, pool = emptyPool, genesisHash = GENESIS_HASH, random } = this.#init
    const common = {
      chainId: CHAIN,
      network,
      clock: systemClock,
      random: random ?? systemRandom,
      verify: zip215(nativeVerifier()),
    }
    if (key !== undefined) await createSignerFile({ file: path.join(folder, key.id), chainId: CHAIN })
    this.gossip = startGossip({
      ...common,
      genesisHash,
      driver: () => this.driver,
      pool,
      head: () => ({ height: this.height, first: this.blocks.stored.length > 0 ? 1 : 0 }),
      onApplied: listener => this.onApplied(listener),
      settings: { ...GOSSIP, ...this.#init.gossip },
    })
    this.sync = startBlockSync({
      ...common,
      peers: this.gossip.peers,
      chain: {
        head: () => this.blocks.head,
        onApplied: listener => this.onApplied(listener),
        feed: ({ headerHash, bytes, precommits }) =>
          this.driver?.feed({ type: 'synced', headerHash, bytes, precommits }),
        pause: async () => {
          this.pauses++
          await this.#stopDriver()
        },
        apply: async ({ bytes, precommits }) => this.#append(bytes, precommits),
        resume: () => this.#startDriver(),
      },
      ...(this.#init.trustedTo && { trustedTo: this.#init.trustedTo }),
      onFailure: error => {
        this.failures.push(error)
        this.#tellFailed(error)
      },
      settings: { ...SYNC, ...this.#init.sync },
    })
    this.#unserve = network.serve(this.#handlers())
    await this.#startDriver()
    return this
  }

  async stop(): Promise<void> {
    this.#unserve?.()
    await this.sync?.stop()
    await this.gossip?.stop()
    await this.#stopDriver()
  }

  /** Tells after each block. */
  onApplied(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when the chain is that long here. */
  reached(height: number): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => {
        if (this.height < height) return
        stop()
        resolve()
      }
      const stop = this.onApplied(look)
      look()
    })
  }

  #append(bytes: Uint8Array, precommits: Parameters<Blocks['append']>[1]): void {
    const { header } = readBlock(bytes)
    checkLinks(this.blocks.head, header, settings.timeouts.heartbeatMs)
    this.blocks.append(bytes, precommits)
    for (const listener of [...this.#listeners]) listener()
  }

  async #startDriver(): Promise<void> {
    const { key, folder, filling } = this.#init
    const name = key?.id ?? 'follower'
    const file = path.join(folder, name)
    if (key === undefined) await createSignerFile({ file, chainId: CHAIN }).catch(() => {})
    this.driver = await startDriver({
      chainId: CHAIN,
      identity: { self: key?.id, settings },
      expected: this.blocks.beginning,
      log: await openEventLog(`${file}.log`),
      signer: await openSignerFile({ file, chainId: CHAIN }),
      sign: bytes => {
        if (key === undefined) throw new RangeError('a follower signs nothing')
        return key.sign(bytes)
      },
      clock: systemClock,
      application: {
        build: async () => {
          const { bytes, headerHash } = this.blocks.propose(filling)
          return { bytes, headerHash: Buffer.from(headerHash).toString('hex') }
        },
        check: async ({ bytes }) => ({ valid: this.#follows(bytes), timely: true }),
        decide: async ({ bytes, commit }) => {
          this.#append(bytes, votesOf(commit))
          return { updates: [], wanted: this.height < (this.#init.until ?? Number.POSITIVE_INFINITY) }
        },
      },
      broadcast: message => this.gossip.broadcast(message),
      onEvidence: evidence => void this.failures.push(evidence),
      onFailure: error => void this.failures.push(error),
    })
  }

  async #stopDriver(): Promise<void> {
    const { driver } = this
    this.driver = undefined
    await driver?.stop()
  }

  #follows(bytes: Uint8Array): boolean {
    try {
      checkLinks(this.blocks.head, readBlock(bytes).header, settings.timeouts.heartbeatMs)
      return true
    } catch {
      return false
    }
  }

  #handlers() {
    const { blocks, sync } = this
    const none = async (): Promise<never> => {
      throw new RangeError('not here')
    }
    return createHandlers({
      chain: {
        chainId: CHAIN,
        genesisHash: GENESIS_HASH,
        head: () => blocks.head,
        get catchingUp() {
          return sync.catchingUp
        },
        submit: none,
        transaction: none as () => Promise<TransactionResult>,
        settled: none,
        proveTransaction: none,
        proven: () => {
          throw new RangeError('not here')
        },
        reached: none,
        entries: none,
        lightBlock: () => undefined,
      },
      baseFee: () => 0n,
      blocks: {
        get first() {
          return blocks.stored.length > 0 ? 1 : undefined
        },
        get last() {
          return blocks.stored.length > 0 ? blocks.stored.length : undefined
        },
        block: height => blocks.stored[height - 1],
      },
      gossip: this.gossip,
      clock: systemClock,
    })
  }
}

/** Ids of blocks, for comparing chains. */
export function chainOf({ blocks }: Member, height: number): string[] {
  return blocks.stored.slice(0, height).map(({ id }) => Buffer.from(id).toString('hex'))
}
