import { formatAddress, Transaction, TransactionBody } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  type Applied,
  accountOf,
  accountsModule,
  addressOf,
  applyBlock,
  baseFeeOf,
  bytesOf,
  createMachine,
  Draft,
  feesModule,
  type Genesis,
  genesisState,
  type Id,
  idOf,
  type LedgerModule,
  type Machine,
  openTransaction,
  type StateView,
  settleParameters,
  signedBytes,
  soleKey,
  supply,
  timeModule,
  verifyZip215,
} from '../../src/index.js'

export const CHAIN = 'test-1'
export const START_MS = Date.UTC(2026, 0, 1)

/** Somebody with one key. */
export interface Person {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
  readonly id: Id
  readonly address: string
}

export function person(seed: number): Person {
  const secret = new Uint8Array(32).fill(seed)
  const publicKey = ed25519.getPublicKey(secret)
  const hash = addressOf(soleKey(publicKey))
  return { secret, publicKey, id: idOf(hash), address: formatAddress(hash) }
}

export interface Ask {
  readonly kind: string
  readonly payload: Uint8Array
}

/** A chain in memory: blocks of what people ask, one after the other. */
export class TestChain {
  readonly machine: Machine
  readonly values = new Map<string, Uint8Array>()
  readonly view: StateView = { get: key => this.values.get(key) }
  height = 0
  timeMs: number

  constructor(
    modules: readonly LedgerModule[],
    sections: Genesis['modules'],
    parameters: Genesis['parameters'] = {},
  ) {
    this.machine = createMachine({
      chainId: CHAIN,
      modules: [accountsModule, feesModule, timeModule, ...modules],
    })
    this.timeMs = START_MS
    const { changes } = genesisState(this.machine, {
      chainId: CHAIN,
      timeMs: START_MS,
      parameters,
      modules: sections,
    })
    this.#take(changes)
  }

  /** A signed transaction. */
  sign(
    from: Person,
    asks: readonly Ask[],
    init: Partial<TransactionBody> = {},
    signers = [from],
  ): Uint8Array {
    const body = TransactionBody.encode({
      version: 1,
      sender: bytesOf(from.id),
      nonce: this.account(from).nonce,
      validUntil: this.height + 100,
      maxFee: 1_000_000_000n,
      tip: 0n,
      memo: '',
      keys: soleKey(from.publicKey),
      ...init,
      actions: asks,
    })
    const message = signedBytes(CHAIN, body)
    const signatures = signers.map(({ publicKey, secret }) => ({
      publicKey,
      signature: ed25519.sign(message, secret),
    }))
    return Transaction.encode({ body, signatures })
  }

  /** Makes a block of transactions. */
  block(
    transactions: readonly Uint8Array[] = [],
    afterMs = 1_000,
    evidence: readonly Uint8Array[] = [],
  ): Applied {
    const previousTimeMs = this.timeMs
    this.height++
    this.timeMs += afterMs
    const applied = applyBlock(this.machine, this.view, {
      height: this.height,
      timeMs: this.timeMs,
      previousTimeMs,
      proposer: new Uint8Array(32),
      transactions: transactions.map(bytes =>
        openTransaction(bytes, { chainId: CHAIN, verify: verifyZip215 }),
      ),
      evidence,
    })
    this.#take(applied.changes)
    return applied
  }

  /** Asks for something in a block of its own; the code it fails with, if it does. */
  ask(from: Person, ...asks: readonly Ask[]): string | undefined {
    return this.block([this.sign(from, asks)]).receipts[0]!.code
  }

  account({ id }: Pick<Person, 'id'>) {
    return accountOf({ draft: new Draft(this.view), timeMs: this.timeMs }, id)
  }

  supply() {
    return supply.get(new Draft(this.view))!
  }

  baseFee(): bigint {
    const parameters = settleParameters(this.machine.parameterTables, {})
    return baseFeeOf({ draft: new Draft(this.view), parameters })
  }

  #take(changes: Applied['changes']): void {
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key)
      else this.values.set(key, value)
    }
  }
}
