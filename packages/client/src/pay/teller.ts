import {
  accountOf,
  buildTransaction,
  bytesOf,
  type ChainAccess,
  Draft,
  idOf,
  type Settlement,
  soleKey,
  type TransactionSigner,
} from '@neurovoyance/ledger'
import { type Action, errorCode, parseAddress } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'

/** An account that pays, and the key that speaks for it; a `Wallet` is one. */
export interface PayingAccount extends TransactionSigner {
  /** `nv1…` */
  readonly address: string
}

/** A transaction that happened. */
export interface Sent extends Settlement {
  readonly id: Uint8Array
  /** The sender's transactions before it. */
  readonly nonce: number
}

/** A transaction that is about to be sent. */
export interface Sending {
  readonly nonce: number
  /** The most that it costs. */
  readonly maxFee: bigint
}

/** How a transaction is sent. */
export interface SendOptions {
  /** Waits no longer; a transaction that has left may still happen. */
  signal?: AbortSignal | undefined
  /** Waited for before each attempt leaves: keeps what must not be forgotten. */
  before?: ((sending: Sending) => Promise<void> | undefined) | undefined
}

/** Sends one account's transactions, one after the other. */
export interface Teller {
  /**
   * Has actions happen, all or none.
   *
   * @throws ClientError `CLIENT_PAYMENT_FAILED` where the ledger refuses them, with its code in `details.code`
   */
  send(actions: readonly Action[], options?: SendOptions): Promise<Sent>
}

/** Blocks for which a transaction may wait. */
const VALID_BLOCKS = 100
/** A transaction's bytes, signature and actions weigh less than these. */
const BASE_WEIGHT = 2_000n
const ACTION_WEIGHT = 1_500n
/** The price of weight may rise until the transaction is in a block. */
const FEE_SLACK = 4n
/** Another program may use the same account. */
const TRIES = 3

/** Sends transactions of an account to a chain. */
export function createTeller(access: ChainAccess, account: PayingAccount): Teller {
  const sender = idOf(parseAddress(account.address))
  const key = `accounts/${sender}`
  let last: Promise<unknown> = Promise.resolve()

  async function attempt(actions: readonly Action[], { signal, before }: SendOptions): Promise<Sent> {
    signal?.throwIfAborted()
    const [{ height, timeMs, baseFee }, [record]] = await Promise.all([access.head(), access.get([key])])
    const draft = new Draft({ get: name => (name === key ? record : undefined) })
    const { nonce, keys } = accountOf({ draft, timeMs }, sender)
    const maxFee = mostFee(baseFee, actions.length)
    const { id, bytes } = await buildTransaction({
      chainId: access.chainId,
      sender: bytesOf(sender),
      ...(keys === undefined && { keys: soleKey(account.publicKey) }),
      nonce,
      validUntil: height + VALID_BLOCKS,
      maxFee,
      actions,
      signers: [account],
    })
    await before?.({ nonce, maxFee })
    await access.submit(bytes)
    const settled = await access.settled(id, signal === undefined ? {} : { signal })
    return { ...settled, id, nonce }
  }

  async function send(actions: readonly Action[], options: SendOptions): Promise<Sent> {
    for (let tries = 1; ; tries++) {
      try {
        const sent = await attempt(actions, options)
        if (sent.code === undefined) return sent
        throw refused(sent.code, sent.message)
      } catch (error) {
        if (errorCode(error) !== 'LEDGER_WRONG_NONCE' || tries === TRIES) throw error
      }
    }
  }

  return {
    send(actions, options = {}) {
      const sent = last.then(() => send(actions, options))
      last = sent.catch(() => undefined)
      return sent
    },
  }
}

/** The most that a transaction of so many actions costs, at this price of weight. */
export const mostFee = (baseFee: bigint, actions: number): bigint =>
  FEE_SLACK * baseFee * (BASE_WEIGHT + ACTION_WEIGHT * BigInt(actions))

/** How many transactions an account has made, by its record on the ledger. */
export function nonceOf(account: string, record: Uint8Array | undefined): number {
  const draft = new Draft({ get: key => (key === `accounts/${account}` ? record : undefined) })
  return accountOf({ draft, timeMs: 0 }, account).nonce
}

const refused = (code: string, message = ''): ClientError =>
  new ClientError('CLIENT_PAYMENT_FAILED', `the ledger refused a payment: ${message} (${code})`, {
    details: { code },
  })
