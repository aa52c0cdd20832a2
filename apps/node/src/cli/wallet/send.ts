import type { Wallet } from '@neurovoyance/client/wallet'
import { buildTransaction, createNetworkLedger, soleKey } from '@neurovoyance/ledger'
import { type Action, formatAmount, NeurovoyanceError } from '@neurovoyance/protocol'
import type { ChainClient } from '../../gateway/chain/chain-client.js'
import type { ChainStatusJson, TransactionJson, TrialJson } from '../../gateway/chain/shapes.js'
import { confirm } from '../prompt.js'

/** Blocks within which a transaction happens or never. */
const VALID_BLOCKS = 100
/** What a signature weighs beside its bytes. */
const SIGNATURE_WEIGHT = 160
/** The base fee moves by an eighth a block at most: what is allowed covers five full ones. */
const FEE_ROOM = 2n
const MOST_FEE = (1n << 62n) - 1n
/** So long a block is waited for, then looked after. */
const WAIT_MS = 5_000

/** Something that a wallet asks of the chain. */
export interface Request {
  readonly chain: ChainClient
  readonly wallet: Wallet
  /** What is asked; some need to know the account's nonce and the chain. */
  readonly actions:
    | readonly Action[]
    | ((at: { nonce: number; chainId: string }) => Promise<readonly Action[]>)
  /** For the question: `Send 1.5 NVY to nv1…`. */
  readonly what: string
  readonly memo?: string | undefined
  /** The most that the fee may be; by the base fee now when left out. */
  readonly maxFee?: bigint | undefined
  /** Without asking. */
  readonly yes: boolean
  /** Do not wait until it is in a block. */
  readonly noWait: boolean
  /** Tells a person, while something is waited for. */
  note(text: string): void
  readonly signal: AbortSignal
}

/** What came of it. */
export interface Sent {
  readonly id: string
  readonly maxFee: string
  /** Absent with `noWait`. */
  readonly transaction?: TransactionJson
}

/**
 * Signs a transaction, tries it on the state as it is, sends it after showing what it costs, and waits until it is in a
 * block. What would have no effect is not sent, and costs nothing.
 *
 * @throws NeurovoyanceError with the ledger's code where it was refused, or happened without effect
 */
export async function send(request: Request): Promise<Sent> {
  const { chain, wallet, signal } = request
  const [status, account] = await Promise.all([chain.status(), chain.account(wallet.address)])
  const { nonce } = account
  const actions =
    typeof request.actions === 'function'
      ? await request.actions({ nonce, chainId: status.chainId })
      : request.actions
  const build = (maxFee: bigint) =>
    buildTransaction({
      chainId: status.chainId,
      sender: wallet.address,
      ...(account.keys === null && { keys: soleKey(wallet.publicKey) }),
      nonce,
      validUntil: status.height + VALID_BLOCKS,
      maxFee,
      memo: request.memo ?? '',
      actions,
      signers: [wallet],
    })
  const fee = feeOf((await build(MOST_FEE)).bytes, actions, status)
  const maxFee = request.maxFee ?? fee * FEE_ROOM
  const { bytes } = await build(maxFee)
  assertEffect(await chain.trial(bytes))
  await confirm(
    `${request.what}? The fee is about ${formatAmount(fee)} NVY, ${formatAmount(maxFee)} NVY at most.`,
    request.yes,
    signal,
  )
  const id = await chain.submit(bytes)
  const sent = { id, maxFee: String(maxFee) }
  const validUntil = status.height + VALID_BLOCKS
  return request.noWait ? sent : { ...sent, transaction: await settled(request, id, nonce, validUntil) }
}

function assertEffect({ code, message }: TrialJson): void {
  if (code === null) return
  throw new NeurovoyanceError(code, `Nothing was sent, and nothing charged: ${message}.`, { details: {} })
}

function feeOf(bytes: Uint8Array, actions: readonly Action[], { chainId, baseFee }: ChainStatusJson): bigint {
  const { weightOf } = createNetworkLedger({ chainId })
  const weight = actions.reduce(
    (sum, { kind }) => sum + (weightOf(kind) ?? 0),
    bytes.length + SIGNATURE_WEIGHT,
  )
  return BigInt(weight) * BigInt(baseFee)
}

async function settled(
  { chain, note, signal }: Request,
  id: string,
  nonce: number,
  validUntil: number,
): Promise<TransactionJson> {
  let last = validUntil - VALID_BLOCKS
  let isTold = false
  for (;;) {
    signal.throwIfAborted()
    const found = await chain.transaction(id, { waitMs: WAIT_MS, signal })
    if (found.height > 0) return withEffect(found)
    const { height } = await chain.status()
    if (height > validUntil) {
      throw new NeurovoyanceError(
        'LEDGER_EXPIRED',
        `No block took the transaction in time. Nothing happened: send it again with a higher --max-fee.`,
        { details: { id, nonce } },
      )
    }
    // a chain makes a block at once where a transaction waits
    if (!isTold && height === last) {
      note(
        `The chain stands still at height ${height}: its validators are not there. Transaction ${id} waits, and is valid until block ${validUntil}; Ctrl-C ends the wait and takes nothing back.`,
      )
      isTold = true
    }
    last = height
  }
}

function withEffect(transaction: TransactionJson): TransactionJson {
  const { code, message, id, height, fee } = transaction
  if (code === null) return transaction
  throw new NeurovoyanceError(
    code,
    `The transaction is in block ${height} and had no effect but its fee of ${formatAmount(BigInt(fee))} NVY: ${message}`,
    { details: { id, height, fee } },
  )
}
