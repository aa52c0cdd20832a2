import {
  accounts,
  actions,
  baseFeeOf,
  buildTransaction,
  type ChainAccess,
  createNetworkLedger,
  idOf,
  type Machine,
  parametersOf,
  type Settlement,
  soleKey,
  type TransactionSigner,
} from '@neurovoyance/ledger'
import { type Action, errorCode, type KeySet, parseAddress } from '@neurovoyance/protocol'
import { ClientError } from '../../errors.js'
import { readState } from '../read-state.js'
import type { AccountView } from '../views/account.js'
import { readAccount } from '../views/read.js'
import { adviceFor } from './advice.js'
import { type FeeEstimate, feeFor, weightOf } from './fee.js'
import { createNonces } from './nonces.js'

/** Who sends: a wallet of `@neurovoyance/client/wallet` fits. */
export interface SendingWallet extends TransactionSigner {
  /** `nv1…` */
  readonly address: string
}

/** What a wallet's client is made from. */
export interface WalletClientInit {
  /** The chain: a reader from afar, or one's own node's. */
  access: ChainAccess & { readonly machine?: Machine }
  wallet: SendingWallet
  /** The account's keys, where they are not the wallet's alone. */
  keys?: KeySet
  /** Others who sign, for an account of several keys. */
  cosigners?: readonly TransactionSigner[]
  /** Blocks for which a transaction is valid. Default 100. */
  validBlocks?: number
}

/** How to send. */
export interface SendOptions {
  /** The most that the whole fee may be. Default: what it costs now, with room for a base fee that rises. */
  maxFee?: bigint
  /** What the proposer gets for every unit of weight, to be taken before others. Default 0. */
  tip?: bigint
  /** A note for people, 128 bytes at most; everybody can read it. */
  memo?: string
}

/** A transaction that a node took in. */
export interface SentTransaction {
  readonly id: Uint8Array
  readonly nonce: number
  readonly maxFee: bigint
  /** The last height at which it may happen. */
  readonly validUntil: number
  /**
   * Waits until it is in a block.
   *
   * @throws ClientError `CLIENT_TRANSACTION_FAILED` where it had no effect but its fee, with the ledger's code in
   *   `details.code`; `CLIENT_TRANSACTION_EXPIRED` where no block took it in time, `CLIENT_TRANSACTION_REPLACED` where
   *   another with its nonce happened (of one's own node's chain: `LEDGER_CHAIN_TRANSACTION_GONE`)
   */
  settled(options?: { signal?: AbortSignal }): Promise<Settlement>
}

/** Coins by how they came in. */
export interface Coins {
  readonly liquid?: bigint
  readonly earned?: bigint
}

/** An account whose key one holds, on a chain. Transactions may be sent while others are under way. */
export interface WalletClient {
  readonly address: string
  /** What the account has, and when it frees. */
  balance(options?: { channels?: readonly string[]; nodes?: readonly string[] }): Promise<AccountView>
  /** What a transaction would cost. */
  estimate(actions: readonly Action[], options?: SendOptions): Promise<FeeEstimate>
  /** Sends any actions of the ledger (`actions` of `@neurovoyance/ledger`), all or none of which happen. */
  send(actions: readonly Action[], options?: SendOptions): Promise<SentTransaction>
  /** Gives liquid coins to another account. */
  transfer(to: string, amount: bigint, options?: SendOptions): Promise<SentTransaction>
  /** Puts coins behind a validator (its key, 32 bytes). */
  bond(validator: Uint8Array, coins: Coins, options?: SendOptions): Promise<SentTransaction>
  /** Takes them back, after the time of unbonding; earned ones into the exit queue where `exit` is set. */
  unbond(
    validator: Uint8Array,
    coins: Coins & { exit?: boolean },
    options?: SendOptions,
  ): Promise<SentTransaction>
  /** Moves them to another validator. */
  redelegate(from: Uint8Array, to: Uint8Array, coins: Coins, options?: SendOptions): Promise<SentTransaction>
  /** Pays out the rewards of all bonds. */
  claimRewards(options?: SendOptions): Promise<SentTransaction>
  /** Puts earned coins into the exit queue: a multiple of 10⁶ base units. */
  requestExit(amount: bigint, options?: SendOptions): Promise<SentTransaction>
  /** Takes back what the queue has not released of a request. */
  cancelExit(cohort: number, options?: SendOptions): Promise<SentTransaction>
  /** Makes what the queue has released liquid. */
  claimExit(options?: SendOptions): Promise<SentTransaction>
}

const VALID_BLOCKS = 100

/**
 * Sends transactions of a wallet's account.
 *
 * ```ts
 * const account = createWalletClient({ access: chain, wallet })
 * const payment = await account.transfer('nv1…', parseAmount('1.5'))
 * console.log(await payment.settled())
 * ```
 */
export function createWalletClient(init: WalletClientInit): WalletClient {
  const { access, wallet, cosigners = [], validBlocks = VALID_BLOCKS } = init
  const { chainId } = access
  const machine = access.machine ?? createNetworkLedger({ chainId })
  const id = idOf(parseAddress(wallet.address))
  const signers = [wallet, ...cosigners]

  /** What sending needs to know of the chain, all of one state. */
  const now = async () => {
    const { height } = await access.head()
    return readState(access.get, draft => {
      const account = accounts.get(draft, id)
      const baseFee = baseFeeOf({ draft, parameters: parametersOf(machine, draft) })
      return { height, baseFee, nonce: account?.nonce ?? 0, isNew: account?.keys === undefined }
    })
  }
  type Now = Awaited<ReturnType<typeof now>>
  let latest: Now | undefined
  const nonces = createNonces(async () => (latest = await now()))

  const build = async (
    asked: readonly Action[],
    state: Now,
    nonce: number,
    maxFee: bigint,
    options: SendOptions,
  ) => {
    const validUntil = state.height + validBlocks
    const keys = state.isNew ? (init.keys ?? soleKey(wallet.publicKey)) : undefined
    const { tip = 0n, memo = '' } = options
    const transaction = await buildTransaction({
      chainId,
      sender: wallet.address,
      ...(keys && { keys }),
      nonce,
      validUntil,
      maxFee,
      tip,
      memo,
      actions: asked,
      signers,
    })
    return { ...transaction, validUntil }
  }
  /** A transaction of the same size, whose signatures are none. */
  const estimated = async (asked: readonly Action[], state: Now, nonce: number, options: SendOptions) => {
    const unsigned = signers.map(({ publicKey }) => ({ publicKey, sign: () => new Uint8Array(64) }))
    const { tip = 0n, memo = '' } = options
    const keys = state.isNew ? (init.keys ?? soleKey(wallet.publicKey)) : undefined
    const { bytes } = await buildTransaction({
      chainId,
      sender: wallet.address,
      ...(keys && { keys }),
      nonce,
      validUntil: state.height + validBlocks,
      maxFee: MOST_FEE,
      tip,
      memo,
      actions: asked,
      signers: unsigned,
    })
    return feeFor(weightOf(machine, bytes), state.baseFee, tip)
  }

  const attempt = async (asked: readonly Action[], options: SendOptions): Promise<SentTransaction> => {
    const nonce = await nonces.next()
    const state = latest!
    const maxFee = options.maxFee ?? (await estimated(asked, state, nonce, options)).maxFee
    const { id: transactionId, bytes, validUntil } = await build(asked, state, nonce, maxFee, options)
    await access.submit(bytes)
    nonces.sent(nonce, validUntil)
    return {
      id: transactionId,
      nonce,
      maxFee,
      validUntil,
      async settled(waiting) {
        const settlement = await access.settled(transactionId, waiting).catch((error: unknown) => {
          if (GONE.has(errorCode(error) ?? '')) nonces.done(nonce)
          throw error
        })
        nonces.done(nonce)
        if (settlement.code !== undefined) throw failed(transactionId, settlement)
        return settlement
      },
    }
  }

  /** One after the other, so that each knows the nonces of those before it. */
  let turn: Promise<unknown> = Promise.resolve()
  const send: WalletClient['send'] = (asked, options = {}) => {
    const mine = turn
      .catch(() => undefined)
      .then(async () => {
        try {
          return await attempt(asked, options)
        } catch (error) {
          if (errorCode(error) !== 'LEDGER_WRONG_NONCE') throw refused(error)
          // the wallet was used elsewhere: once more from what the chain says now
          nonces.forget()
          return await attempt(asked, options).catch(again => {
            throw refused(again)
          })
        }
      })
    turn = mine
    return mine
  }

  return {
    address: wallet.address,
    balance: options => readAccount({ ...pick(access), machine }, wallet.address, options),
    async estimate(asked, options = {}) {
      const state = await now()
      return estimated(asked, state, state.nonce, options)
    },
    send,
    transfer: (to, amount, options) => send([actions.transfer(to, amount)], options),
    bond: (validator, coins, options) => send([actions.delegate(validator, coins)], options),
    unbond: (validator, coins, options) => send([actions.unbond(validator, coins)], options),
    redelegate: (from, to, coins, options) => send([actions.redelegate(from, to, coins)], options),
    claimRewards: options => send([actions.claimStakingRewards()], options),
    requestExit: (amount, options) => send([actions.requestExit(amount)], options),
    cancelExit: (cohort, options) => send([actions.cancelExit(cohort)], options),
    claimExit: options => send([actions.claimExit()], options),
  }
}

/** A transaction that will not happen any more: its nonce may be used again. */
const GONE: ReadonlySet<string> = new Set([
  'CLIENT_TRANSACTION_EXPIRED',
  'CLIENT_TRANSACTION_REPLACED',
  'LEDGER_CHAIN_TRANSACTION_GONE',
])

/** As large on the wire as a fee can be. */
const MOST_FEE = (1n << 62n) - 1n

const pick = ({ chainId, head, get }: ChainAccess) => ({
  chainId,
  head: () => head(),
  get: (keys: readonly string[]) => get(keys),
})

/** The ledger's own error, with what to do about it. */
function refused(error: unknown): unknown {
  const code = errorCode(error)
  const advice = adviceFor(code)
  if (advice === undefined) return error
  return new ClientError('CLIENT_TRANSACTION_REFUSED', `${(error as Error).message}: ${advice}`, {
    details: { code },
    cause: error,
  })
}

function failed(id: Uint8Array, { code, message, height, fee }: Settlement): ClientError {
  const advice = adviceFor(code)
  const why = message ?? code
  return new ClientError(
    'CLIENT_TRANSACTION_FAILED',
    `block ${height} has the transaction, and nothing but its fee happened: ${why}${advice === undefined ? '' : `: ${advice}`}`,
    { details: { id: idOf(id), code, height, fee: String(fee) } },
  )
}
