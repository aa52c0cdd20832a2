import type { Wallet } from '@neurovoyance/client/wallet'
import {
  accountOf,
  actions,
  baseFeeOf,
  buildTransaction,
  Draft,
  idOf,
  keyProofBytes,
  NODE_DOMAIN,
  nodes,
  soleKey,
  totalOf,
} from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { errorCode, type Logger, parseAddress, type Signer } from '@neurovoyance/protocol'

/** A node to be bound, and to whom. */
export interface NodeToBind {
  readonly chain: Chain
  /** The owner: it pays the fee. */
  readonly wallet: Wallet
  /** Signs as the node's network key. */
  readonly signer: Signer
  readonly logger: Logger
  /** Gives up. */
  readonly signal: AbortSignal
}

/** Blocks for which the transaction may wait. */
const VALID_BLOCKS = 100
/** It weighs less than this. */
const MOST_WEIGHT = 6_000n
/** The price of weight may rise until a block takes it. */
const FEE_SLACK = 2n
/** Refusals after which it is left to the owner. */
const MOST_TRIES = 8

/** What passes: the account is used by somebody else at the same time, or the fee has risen. */
const PASSING: ReadonlySet<string> = new Set([
  'LEDGER_WRONG_NONCE',
  'LEDGER_FEE_TOO_LOW',
  'LEDGER_INSUFFICIENT_FUNDS',
  'LEDGER_CHAIN_TRANSACTION_GONE',
])

/**
 * Binds a node's network key to its owner on the ledger, once, as soon as the owner can pay the fee. Does nothing where
 * somebody answers for the node already.
 */
export async function bindNode(init: NodeToBind): Promise<void> {
  const { chain, signer, logger, signal } = init
  const node = idOf(signer.publicKey)
  for (let tries = 0; tries < MOST_TRIES; ) {
    if (nodes.get(new Draft(chain.state), node) !== undefined) return
    if (!chain.catchingUp && canPay(init)) {
      tries++
      const code = await attempt(init)
      if (code === undefined) {
        logger.info({ node, owner: init.wallet.address }, 'this node is bound to its wallet on the ledger')
        return
      }
      if (!PASSING.has(code)) {
        logger.warn({ node, code }, 'this node was not bound to its wallet: see nv wallet bind')
        return
      }
    }
    await nextBlock(chain, signal)
  }
  logger.warn({ node }, 'this node was not bound to its wallet, often: see nv wallet bind')
}

/** Sends the transaction and waits for it; the code of what went wrong. */
async function attempt({ chain, wallet, signer, signal }: NodeToBind): Promise<string | undefined> {
  const { nonce, keys } = ownerOf(chain, wallet)
  const owner = idOf(parseAddress(wallet.address))
  const { chainId } = chain
  const proof = await signer.sign(keyProofBytes({ domain: NODE_DOMAIN, chainId, owner, nonce }))
  const { id, bytes } = await buildTransaction({
    chainId,
    sender: wallet.address,
    ...(keys === undefined && { keys: soleKey(wallet.publicKey) }),
    nonce,
    validUntil: chain.head().height + VALID_BLOCKS,
    maxFee: mostFee(chain),
    actions: [actions.bindNode({ nodeKey: signer.publicKey, proof })],
    signers: [wallet],
  })
  try {
    await chain.submit(bytes)
    return (await chain.settled(id, { signal })).code
  } catch (error) {
    signal.throwIfAborted()
    const code = errorCode(error)
    if (code === undefined) throw error
    return code
  }
}

const ownerOf = (chain: Chain, { address }: Wallet) =>
  accountOf({ draft: new Draft(chain.state), timeMs: chain.head().timeMs }, idOf(parseAddress(address)))

const mostFee = (chain: Chain): bigint =>
  FEE_SLACK * MOST_WEIGHT * baseFeeOf({ draft: new Draft(chain.state), parameters: chain.parameters() })

const canPay = ({ chain, wallet }: NodeToBind): boolean =>
  totalOf(ownerOf(chain, wallet).purse) >= mostFee(chain)

function nextBlock(chain: Chain, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const end = () => {
      stop()
      signal.removeEventListener('abort', abort)
    }
    const abort = () => {
      end()
      reject(signal.reason)
    }
    const stop = chain.onBlock(() => {
      end()
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}
