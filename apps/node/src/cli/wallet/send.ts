import type { Wallet } from '@neurovoyance/client/wallet'
import { buildTransaction, createNetworkLedger, soleKey } from '@neurovoyance/ledger'
import { type Action, formatAmount, NeurovoyanceError } from '@neurovoyance/protocol'
import type { ChainClient } from '../../gateway/chain/chain-client.js'
import type { AccountJson, ChainStatusJson, TransactionJson } from '../../gateway/chain/shapes.js'
import { confirm } from '../prompt.js'

/** Blocks within which a transaction happens or never. */
const VALID_BLOCKS = 100
/** What a signature weighs beside its bytes. */
const SIGNATURE_WEIGHT = 160
/** The base fee moves by an eighth a block at most: what is allowed covers five full ones. */
const FEE_ROOM = 2n
const MOST_FEE = (1n << 62n) - 1n
/** The longest that one request waits. */
const WAIT_MS = 30_000

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
 * Signs and sends a transaction after showing what it costs, and waits until it is in a block.
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
  await confirm(
    `${request.what}? The fee is about ${formatAmount(fee)} NVY, ${formatAmount(maxFee)} NVY at most.`,
    request.yes,
    signal,
  )
  const id = await chain.submit((await build(maxFee)).bytes)
  const sent = { id, maxFee: String(maxFee) }
  return request.noWait ? sent : { ...sent, transaction: await settled(chain, id, signal, account, status) }
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
  chain: ChainClient,
  id: string,
  signal: AbortSignal,
  { nonce }: AccountJson,
  { height }: ChainStatusJson,
): Promise<TransactionJson> {
  for (;;) {
    signal.throwIfAborted()
    const found = await chain.transaction(id, { waitMs: WAIT_MS, signal })
    if (found.height > 0) return withEffect(found)
    const now = await chain.status()
    if (now.height <= height + VALID_BLOCKS) continue
    throw new NeurovoyanceError(
      'LEDGER_EXPIRED',
      `No block took the transaction in time. Nothing happened: send it again with a higher --max-fee.`,
      { details: { id, nonce } },
    )
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
