import {
  type Applied,
  accountOf,
  accountsModule,
  applyBlock,
  bytesOf,
  channelsModule,
  createMachine,
  credit,
  Draft,
  earnedPurse,
  exitModule,
  feesModule,
  genesisState,
  grantsModule,
  idOf,
  jobsModule,
  type Machine,
  NVY,
  type OpenTransaction,
  payTips,
  type StateView,
  soleKey,
  stakingModule,
  timeModule,
} from '@neurovoyance/ledger'
import type { Action } from '@neurovoyance/protocol'
import { type Actor, others, own } from './cast.ts'
import { type Rules, rewardsUnder } from './rules.ts'

export const CHAIN = 'wash-1'
const START_MS = 1_767_225_600_000

const OWN = new Set(own.map(({ id }) => id))

/** What each of the washer's accounts begins with. */
export const FUNDS = 1_000_000_000n
/** What sponsors have for newcomers. */
export const SPONSORED = 3_000_000_000n
/** NVY that are bonded at the beginning. */
const STAKED = 4
/** The washer's account that is a validator. */
export const STAKER = own[4]!
/** Beside the bytes and signatures that a transaction would have. */
const BYTES_WEIGHT = 400

/** A ledger that believes who asks: what washing gains has nothing to do with signatures. */
export class WashChain {
  readonly machine: Machine
  readonly values = new Map<string, Uint8Array>()
  timeMs = START_MS
  height = 0
  /** Who proposes: his are the tips. */
  proposer = others.staker
  /** What the washer has paid himself, and in how many payments. */
  washed = 0n
  payments = 0

  constructor(rules: Rules) {
    this.machine = createMachine({
      chainId: CHAIN,
      modules: [
        accountsModule,
        feesModule,
        timeModule,
        stakingModule,
        rewardsUnder(rules),
        channelsModule,
        jobsModule,
        exitModule,
        grantsModule,
      ],
      verify: () => true,
      payTips: (context, amount) => {
        if (rules.validators) payTips(context, amount)
        else credit(context, this.proposer.id, earnedPurse(amount, context.timeMs))
      },
    })
    const mine = rules.validators ? BigInt(Math.round(rules.stakeShare * STAKED)) : 0n
    const stakes = [
      { actor: STAKER, liquid: mine * NVY },
      { actor: others.staker, liquid: (BigInt(STAKED) - mine) * NVY },
    ]
    const { changes } = genesisState(this.machine, {
      chainId: CHAIN,
      timeMs: START_MS,
      parameters: rules.parameters,
      modules: {
        accounts: [
          ...own.map(({ address }) => ({ address, liquid: String(FUNDS) })),
          { address: STAKER.address, liquid: String(stakes[0]!.liquid) },
          { address: others.staker.address, liquid: String(stakes[1]!.liquid) },
          { address: others.client.address, liquid: String(1_000n * FUNDS) },
        ],
        ...(rules.validators && {
          staking: stakes
            .filter(({ liquid }) => liquid > 0n)
            .map(({ actor: { key, address }, liquid }) => ({
              consensusKey: idOf(key),
              owner: address,
              commission: '100000',
              liquid: String(liquid),
            })),
        }),
        grants: [
          { address: others.sponsor.address, budget: String(SPONSORED), fees: String(100_000n * FUNDS) },
        ],
      },
    })
    this.#take(changes)
  }

  /** Makes a block of one transaction; whether it had an effect. */
  ask(from: Actor, actions: readonly Action[], tip = 0n): boolean {
    return this.block([this.#transaction(from, actions, tip)]).receipts[0]!.code === undefined
  }

  block(transactions: readonly OpenTransaction[] = [], afterMs = 1): Applied {
    const previousTimeMs = this.timeMs
    this.timeMs += afterMs
    const applied = applyBlock(this.machine, this.view, {
      height: ++this.height,
      timeMs: this.timeMs,
      previousTimeMs,
      proposer: this.proposer.key,
      transactions,
    })
    this.#take(applied.changes)
    for (const { kind, accounts, fields } of applied.receipts.flatMap(({ events }) => events)) {
      if (kind !== 'rewards/paid' || !accounts.every(account => OWN.has(account))) continue
      this.washed += BigInt(fields.amount!)
      this.payments++
    }
    return applied
  }

  account({ id }: Actor): ReturnType<typeof accountOf> {
    return accountOf({ draft: this.draft(), timeMs: this.timeMs }, id)
  }

  draft(): Draft {
    return new Draft(this.view)
  }

  readonly view: StateView = { get: key => this.values.get(key) }

  #transaction(from: Actor, actions: readonly Action[], tip: bigint): OpenTransaction {
    const id = new Uint8Array(32)
    new DataView(id.buffer).setUint32(0, this.height)
    return {
      id,
      sender: from.id,
      payer: from.id,
      signers: new Set([idOf(from.key)]),
      weight: BYTES_WEIGHT,
      body: {
        version: 1,
        sender: bytesOf(from.id),
        nonce: this.account(from).nonce,
        validUntil: this.height + 2,
        maxFee: 1n << 60n,
        tip,
        memo: '',
        keys: soleKey(from.key),
        actions,
      },
    }
  }

  #take(changes: Applied['changes']): void {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }
}
