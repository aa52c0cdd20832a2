import {
  ExitCancel,
  ExitClaim,
  ExitRequest,
  StakingClaim,
  StakingCommission,
  StakingCreate,
  StakingDelegate,
  StakingRedelegate,
  StakingUnbond,
  StakingUnjail,
  type TransactionBody,
} from '@neurovoyance/protocol'
import { noteMinted } from '../../src/core/machine/supply.js'
import {
  type Applied,
  accountOf,
  accountsModule,
  applyBlock,
  type BlockContext,
  bytesOf,
  createMachine,
  credit,
  Draft,
  exitModule,
  feesModule,
  type Genesis,
  genesisState,
  keyProofBytes,
  type LedgerModule,
  type Machine,
  payTips,
  soleKey,
  stakingModule,
  supplyOf,
  timeModule,
  VALIDATOR_DOMAIN,
} from '../../src/index.js'
import { type Ask, CHAIN, START_MS } from '../machine/chain.js'
import { type Member, seal } from '../payments/model/payments-chain.js'

export const DAY_MS = 24 * 3_600_000

/** Something that a test does to the state between transactions, as a rule of a module would. */
export type Deed = (context: BlockContext) => void

/** A chain of staking, exit and what they stand on, without fees and signatures: thousands of blocks take seconds. */
export class StakeChain {
  readonly machine: Machine
  readonly values = new Map<string, Uint8Array>()
  height = 0
  timeMs = START_MS
  #deeds: Deed[] = []

  constructor(
    modules: Genesis['modules'],
    parameters: Genesis['parameters'] = {},
    more: readonly LedgerModule[] = [],
  ) {
    const deeds: LedgerModule = {
      name: 'deeds',
      endBlock: context => {
        for (const deed of this.#deeds) deed(context)
      },
    }
    this.machine = createMachine({
      chainId: CHAIN,
      modules: [accountsModule, feesModule, timeModule, ...more, stakingModule, exitModule, deeds],
      verify: (key, message, signature) => Buffer.compare(seal(key, message), signature) === 0,
      payTips,
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
    return this.block({ from, actions }).receipts[0]!.code
  }

  block(
    init: {
      from?: Member
      actions?: readonly Ask[]
      afterMs?: number
      proposer?: Uint8Array
      tip?: bigint
      evidence?: readonly Uint8Array[]
    } = {},
  ): Applied {
    const { from, actions = [], afterMs = 1, proposer = new Uint8Array(32), tip = 0n, evidence = [] } = init
    const previousTimeMs = this.timeMs
    this.timeMs += afterMs
    const applied = applyBlock(this.machine, this.#view, {
      height: ++this.height,
      timeMs: this.timeMs,
      previousTimeMs,
      proposer,
      transactions: from === undefined ? [] : [this.#transaction(from, actions, tip)],
      evidence,
    })
    this.#take(applied.changes)
    return applied
  }

  /** Goes on to the first millisecond of the next day, which is an epoch. */
  day(evidence: readonly Uint8Array[] = []): Applied {
    return this.block({ afterMs: DAY_MS - (this.timeMs % DAY_MS), evidence })
  }

  days(count: number): void {
    for (let day = 0; day < count; day++) this.day()
  }

  /** Does something at the end of a block of its own. */
  deed(deed: Deed): Applied {
    this.#deeds = [deed]
    try {
      return this.block()
    } finally {
      this.#deeds = []
    }
  }

  /** Makes earned coins out of nothing, of the current month. */
  earn({ id }: Member, amount: bigint, month = Math.floor(this.timeMs / (30 * DAY_MS))): void {
    this.deed(context => {
      noteMinted(context.draft, amount)
      credit(context, id, { liquid: 0n, granted: 0n, earned: [{ month, amount }] })
    })
  }

  nonce({ id }: Member): number {
    return accountOf({ draft: this.draft(), timeMs: this.timeMs }, id).nonce
  }

  purse({ id }: Member) {
    return accountOf({ draft: this.draft(), timeMs: this.timeMs }, id).purse
  }

  vesting({ id }: Member) {
    const { vesting } = accountOf({ draft: this.draft(), timeMs: this.timeMs }, id)
    return vesting.reduce((sum, { remaining }) => sum + remaining, 0n)
  }

  held(kind: string): bigint {
    return supplyOf(this.draft()).held.find(item => item.kind === kind)?.amount ?? 0n
  }

  supply() {
    return supplyOf(this.draft())
  }

  draft(): Draft {
    return new Draft(this.#view)
  }

  #view = { get: (key: string) => this.values.get(key) }

  #transaction(from: Member, actions: readonly Ask[], tip: bigint) {
    const body: TransactionBody = {
      version: 1,
      sender: bytesOf(from.id),
      nonce: this.nonce(from),
      validUntil: this.height + 1,
      maxFee: 1n << 62n,
      tip,
      memo: '',
      keys: soleKey(from.key),
      actions,
    }
    const signers = new Set([Buffer.from(from.key).toString('hex')])
    return { id: new Uint8Array(32), body, sender: from.id, payer: from.id, signers, weight: 100 }
  }

  #take(changes: Applied['changes']): void {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }
}

interface Coins {
  liquid?: bigint
  earned?: bigint
}

/** What can be asked. */
export const asks = {
  request: (amount: bigint): Ask => ({ kind: 'exit/request', payload: ExitRequest.encode({ amount }) }),
  claimExit: (): Ask => ({ kind: 'exit/claim', payload: ExitClaim.encode({}) }),
  cancel: (cohort: number): Ask => ({ kind: 'exit/cancel', payload: ExitCancel.encode({ cohort }) }),
  create: (chain: StakeChain, owner: Member, consensusKey: Uint8Array, coins: Coins, commission = 0): Ask => {
    const nonce = chain.nonce(owner)
    const message = keyProofBytes({ domain: VALIDATOR_DOMAIN, chainId: CHAIN, owner: owner.id, nonce })
    const payload = { consensusKey, proof: seal(consensusKey, message), commission, ...both(coins) }
    return { kind: 'staking/create', payload: StakingCreate.encode(payload) }
  },
  delegate: (validator: Uint8Array, coins: Coins): Ask => ({
    kind: 'staking/delegate',
    payload: StakingDelegate.encode({ validator, ...both(coins) }),
  }),
  redelegate: (from: Uint8Array, to: Uint8Array, coins: Coins): Ask => ({
    kind: 'staking/redelegate',
    payload: StakingRedelegate.encode({ from, to, ...both(coins) }),
  }),
  unbond: (validator: Uint8Array, coins: Coins, exit = false): Ask => ({
    kind: 'staking/unbond',
    payload: StakingUnbond.encode({ validator, ...both(coins), exit }),
  }),
  claim: (): Ask => ({ kind: 'staking/claim', payload: StakingClaim.encode({}) }),
  unjail: (validator: Uint8Array): Ask => ({
    kind: 'staking/unjail',
    payload: StakingUnjail.encode({ validator }),
  }),
  commission: (validator: Uint8Array, commission: number): Ask => ({
    kind: 'staking/commission',
    payload: StakingCommission.encode({ validator, commission }),
  }),
}

const both = ({ liquid = 0n, earned = 0n }: Coins) => ({ liquid, earned })
