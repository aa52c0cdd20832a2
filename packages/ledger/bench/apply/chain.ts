import {
  accounts,
  accountsModule,
  applyBlock,
  bytesOf,
  type Changes,
  channelsModule,
  createMachine,
  exitModule,
  feesModule,
  genesisState,
  grantsModule,
  idOf,
  jobsModule,
  nodesModule,
  type OpenTransaction,
  rewardsModule,
  type StateView,
  soleKey,
  stakingModule,
  supply,
  timeModule,
} from '@neurovoyance/ledger'
import { Account, AccountsTransfer, Supply } from '@neurovoyance/protocol'
import type { SeededRandom } from '@neurovoyance/testing/network'

const CHAIN = 'bench-1'
const START_MS = Date.UTC(2026, 0, 1)
const BLOCK_MS = 1_000
const LIQUID = 1_000_000_000_000n
/** What a transfer's bytes and its signature weigh. */
const TRANSFER_WEIGHT = 410

const machine = createMachine({
  chainId: CHAIN,
  modules: [
    accountsModule,
    feesModule,
    timeModule,
    stakingModule,
    nodesModule,
    exitModule,
    rewardsModule,
    channelsModule,
    jobsModule,
    grantsModule,
  ],
  verify: () => true,
})

const idAt = (index: number): string => index.toString(16).padStart(64, '0')

/** The key in the state of an account. */
export const accountKey = (index: number): string => accounts.key(idAt(index))

/** A ledger of so many accounts with coins, and nobody else. */
export function genesisChanges(count: number): Changes {
  const { changes } = genesisState(machine, { chainId: CHAIN, timeMs: START_MS, parameters: {}, modules: {} })
  const amount = BigInt(count) * LIQUID
  const held = [{ kind: 'liquid', amount }]
  return new Map([...changes, [supply.key, Supply.encode({ genesis: amount, minted: 0n, burnt: 0n, held })]])
}

/** The account of an index: known, with one key. */
export function accountAt(index: number): Uint8Array {
  return Account.encode({
    nonce: 0,
    keys: soleKey(bytesOf(idAt(index))),
    purse: { liquid: LIQUID, earned: [], granted: 0n },
    vesting: [],
  })
}

/** Makes blocks of transfers between accounts drawn at random, opened and their signatures checked. */
export function createTransfers(random: SeededRandom, accountCount: number) {
  const nonces = new Map<number, number>()
  const transfer = (): OpenTransaction => {
    const from = random.int(accountCount)
    const nonce = nonces.get(from) ?? 0
    nonces.set(from, nonce + 1)
    const to = bytesOf(idAt(random.int(accountCount)))
    const sender = idAt(from)
    return {
      id: random.bytes(32),
      body: {
        version: 1,
        sender: bytesOf(sender),
        nonce,
        validUntil: 2 ** 40,
        maxFee: LIQUID / 1_000n,
        tip: 0n,
        memo: '',
        actions: [{ kind: 'accounts/transfer', payload: AccountsTransfer.encode({ to, amount: 1n }) }],
      },
      sender,
      payer: sender,
      signers: new Set([sender]),
      weight: TRANSFER_WEIGHT,
    }
  }
  return (count: number): readonly OpenTransaction[] => Array.from({ length: count }, transfer)
}

/** Applies a block; every transaction must have its effect. */
export function applyTransfers(
  view: StateView,
  height: number,
  transactions: readonly OpenTransaction[],
): Changes {
  const timeMs = START_MS + height * BLOCK_MS
  const { changes, receipts } = applyBlock(machine, view, {
    height,
    timeMs,
    previousTimeMs: timeMs - BLOCK_MS,
    proposer: new Uint8Array(32),
    transactions,
  })
  const failed = receipts.find(({ code }) => code !== undefined)
  if (failed !== undefined) throw new Error(`${idOf(failed.id)} failed: ${failed.message}`)
  return changes
}
