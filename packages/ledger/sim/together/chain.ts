import { createHash } from 'node:crypto'
import {
  type Applied,
  accountOf,
  applyBlock,
  type BlockInput,
  bytesOf,
  type Changes,
  continuedState,
  createNetworkLedger,
  createStateTree,
  Draft,
  type Genesis,
  genesisState,
  heldOf,
  type Id,
  idOf,
  type Machine,
  NVY,
  type OpenTransaction,
  soleKey,
} from '@neurovoyance/ledger'
import type { Action } from '@neurovoyance/protocol'
import { isSealed, type Member, people, validatorKeys } from './cast.ts'

export const DAY_MS = 24 * 3_600_000
export const START_MS = Date.UTC(2026, 0, 1)
export const LIQUID = 50_000n * NVY
export const SPONSORED = 40n * NVY
/** What transactions weigh beside their actions. */
const WEIGHT = 300

/** A chain of every module of the network, in memory. Its blocks can be applied again. */
export class WholeChain {
  readonly machine: Machine
  readonly values: Map<string, Uint8Array>
  readonly blocks: BlockInput[] = []
  height = 0
  timeMs: number

  private constructor(machine: Machine, values: Map<string, Uint8Array>, timeMs: number) {
    this.machine = machine
    this.values = values
    this.timeMs = timeMs
  }

  static begin(chainId: string): WholeChain {
    const chain = new WholeChain(machineOf(chainId), new Map(), START_MS)
    chain.#take(genesisState(chain.machine, genesisOf(chainId)).changes)
    return chain
  }

  /** Another chain that goes on from this one's state. */
  continuedAs(chainId: string): WholeChain {
    const next = new WholeChain(machineOf(chainId), new Map(this.values), this.timeMs)
    const genesis = { chainId, timeMs: this.timeMs, parameters: {}, modules: {} }
    next.#take(continuedState(next.machine, genesis, this.view).changes)
    return next
  }

  /** The same blocks on a chain that knows nothing of this one. */
  replayed(): WholeChain {
    const again = WholeChain.begin(this.machine.chainId)
    for (const block of this.blocks) again.#apply(block)
    return again
  }

  get draft(): Draft {
    return new Draft(this.view)
  }

  readonly view = { get: (key: string): Uint8Array | undefined => this.values.get(key) }

  root(): string {
    const tree = createStateTree()
    tree.apply(this.values)
    return idOf(tree.root())
  }

  account({ id }: Pick<Member, 'id'>) {
    return accountOf({ draft: this.draft, timeMs: this.timeMs }, id)
  }

  held(kind: string): bigint {
    return heldOf(this.draft, kind)
  }

  /** Makes a block. */
  block(
    transactions: readonly OpenTransaction[] = [],
    afterMs = 1,
    evidence: readonly Uint8Array[] = [],
  ): Applied {
    return this.#apply({
      height: this.height + 1,
      timeMs: this.timeMs + afterMs,
      previousTimeMs: this.timeMs,
      proposer: validatorKeys[this.timeMs % 3]!,
      transactions,
      evidence,
    })
  }

  /** Goes on to the next day, which is an epoch. */
  day(): Applied {
    return this.block([], DAY_MS - (this.timeMs % DAY_MS))
  }

  transaction(from: Member, actions: readonly Action[], payer: Member = from, tip = 0n): OpenTransaction {
    const { nonce } = this.account(from)
    const id = createHash('sha256').update(`${from.id}/${nonce}`).digest()
    return {
      id: new Uint8Array(id),
      body: {
        version: 1,
        sender: bytesOf(from.id),
        nonce,
        validUntil: this.height + 10,
        maxFee: 1n << 60n,
        tip,
        memo: '',
        keys: soleKey(from.key),
        actions,
      },
      sender: from.id,
      payer: payer.id,
      signers: new Set([idOf(from.key), idOf(payer.key)]),
      weight: WEIGHT,
    }
  }

  #apply(block: BlockInput): Applied {
    const applied = applyBlock(this.machine, this.view, block)
    this.#take(applied.changes)
    this.blocks.push(block)
    this.height = block.height
    this.timeMs = block.timeMs
    return applied
  }

  #take(changes: Changes): void {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }
}

const machineOf = (chainId: string): Machine => createNetworkLedger({ chainId, verify: isSealed })

const genesisOf = (chainId: string): Genesis => ({
  chainId,
  timeMs: START_MS,
  parameters: { 'rewards/firstBudget': String(1_000n * NVY) },
  modules: {
    accounts: people.map(({ address }) => ({ address, liquid: String(LIQUID) })),
    staking: people.slice(0, 3).map(({ address }, index) => ({
      consensusKey: idOf(validatorKeys[index]!),
      owner: address,
      commission: '100000',
      liquid: String((2_000n + BigInt(index)) * NVY),
    })),
    rewards: { treasury: String(10_000n * NVY) },
    grants: [{ address: people[0]!.address, budget: String(SPONSORED), fees: String(NVY) }],
  },
})

/** What somebody asked for, in the names of his chain. */
export type Named = { readonly channel: Id[]; readonly job: Id[] }
