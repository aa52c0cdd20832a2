import type { TransactionBody } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '../../../src/core/crypto/sha256.js'
import {
  type Applied,
  accountOf,
  accountsModule,
  addressOf,
  applyBlock,
  bytesOf,
  channels,
  channelsModule,
  createMachine,
  Draft,
  earnedOf,
  feesModule,
  type Genesis,
  genesisState,
  grantsModule,
  type Id,
  idOf,
  jobs,
  jobsModule,
  type Machine,
  type OpenTransaction,
  rewardsModule,
  soleKey,
  supplyOf,
  timeModule,
} from '../../../src/index.js'
import { type Ask, CHAIN, START_MS } from '../../machine/chain.js'

/** Somebody who asks without signing: the chain of these tests believes it. */
export interface Member {
  readonly name: string
  readonly key: Uint8Array
  readonly id: Id
}

export function member(name: string, seed: number): Member {
  const key = ed25519.getPublicKey(new Uint8Array(32).fill(seed))
  return { name, key, id: idOf(addressOf(soleKey(key))) }
}

/** Signatures of these tests: a hash of key and message. They cost nothing and hold for nothing else. */
export function seal(key: Uint8Array, message: Uint8Array): Uint8Array {
  const hash = sha256(key, message)
  return Uint8Array.of(...hash, ...hash)
}

/** Coins that somebody has, by kind. */
export interface Coins {
  liquid: bigint
  earned: bigint
  granted: bigint
  vesting: bigint
}

/** A chain of all modules about payments, without fees and without signatures, so that thousands of blocks take seconds. */
export class PaymentsChain {
  readonly machine: Machine
  readonly values = new Map<string, Uint8Array>()
  height = 0
  timeMs = START_MS

  constructor(modules: Genesis['modules'], parameters: Genesis['parameters']) {
    this.machine = createMachine({
      chainId: CHAIN,
      modules: [
        accountsModule,
        feesModule,
        timeModule,
        rewardsModule,
        channelsModule,
        jobsModule,
        grantsModule,
      ],
      verify: (key, message, signature) => Buffer.compare(seal(key, message), signature) === 0,
    })
    const { changes } = genesisState(this.machine, {
      chainId: CHAIN,
      timeMs: START_MS,
      modules,
      parameters: { 'fees/leastBaseFee': '0', ...parameters },
    })
    this.#take(changes)
  }

  /** Makes a block of one transaction, a millisecond after the one before; the code it fails with. */
  ask(from: Member, ...actions: readonly Ask[]): string | undefined {
    return this.block([this.#transaction(from, actions)]).receipts[0]!.code
  }

  block(transactions: readonly OpenTransaction[] = [], afterMs = 1): Applied {
    const previousTimeMs = this.timeMs
    this.timeMs += afterMs
    const applied = applyBlock(this.machine, this.#view, {
      height: ++this.height,
      timeMs: this.timeMs,
      previousTimeMs,
      proposer: new Uint8Array(32),
      transactions,
    })
    this.#take(applied.changes)
    return applied
  }

  nonce({ id }: Member): number {
    return accountOf({ draft: this.draft(), timeMs: this.timeMs }, id).nonce
  }

  /** What somebody has at a time. */
  coins({ id }: Member, timeMs = this.timeMs): Coins {
    const { purse, vesting } = accountOf({ draft: this.draft(), timeMs }, id)
    return {
      liquid: purse.liquid,
      earned: earnedOf(purse),
      granted: purse.granted,
      vesting: vesting.reduce((sum, { remaining }) => sum + remaining, 0n),
    }
  }

  held(kind: string): bigint {
    return supplyOf(this.draft()).held.find(item => item.kind === kind)?.amount ?? 0n
  }

  channel(id: Id) {
    return channels.get(this.draft(), id)
  }

  job(id: Id) {
    return jobs.get(this.draft(), id)
  }

  draft(): Draft {
    return new Draft(this.#view)
  }

  readonly #view = { get: (key: string) => this.values.get(key) }

  #transaction(from: Member, actions: readonly Ask[]): OpenTransaction {
    const body: TransactionBody = {
      version: 1,
      sender: bytesOf(from.id),
      nonce: this.nonce(from),
      validUntil: this.height + 100,
      maxFee: 0n,
      tip: 0n,
      memo: '',
      keys: soleKey(from.key),
      actions,
    }
    const id = sha256(Uint8Array.of(this.height, this.height >> 8))
    return { id, body, sender: from.id, payer: from.id, signers: new Set([idOf(from.key)]), weight: 100 }
  }

  #take(changes: Applied['changes']): void {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }
}
