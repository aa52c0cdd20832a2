import { errorCode, LIMITS, type TransactionProof, type TransactionResponse } from '@neurovoyance/protocol'
import type { TransactionResult } from '../chain.js'
import type { ChainCaller, ChainHandlers } from '../network.js'
import type { Allowances } from './allowances.js'
import { COST } from './costs.js'
import type { HandlerParts } from './handler-parts.js'
import { MOST_WAIT_MS, Waits } from './waits.js'

/** How long an answer waits for the header that shows what became of a transaction: it follows at once. */
const MOST_PROOF_WAIT_MS = 4_000

/** Room for answers that wait: each kind has its own, so that none keeps another from waiting. */
const ROOM = {
  /** For a block with a transaction that waits here. */
  known: { most: 1_024, mostOfOne: 64 },
  /** For one that nobody has told of. */
  unknown: { most: 128, mostOfOne: 16 },
  /** For the header that shows what became of a transaction. */
  receipts: { most: 1_024, mostOfOne: 64 },
}

const NOT_HERE: ReadonlySet<string> = new Set([
  'LEDGER_CHAIN_TRANSACTION_GONE',
  'LEDGER_CHAIN_TRANSACTION_UNKNOWN',
])

/** Answers what became of a transaction, when it is in a block if that is soon, and proves it to who asks for that. */
export function createTransactionHandler(
  { chain, clock }: Pick<HandlerParts, 'chain' | 'clock'>,
  allowances: Allowances,
): ChainHandlers['Transaction'] {
  const waits = {
    known: new Waits(clock, ROOM.known),
    unknown: new Waits(clock, ROOM.unknown),
    receipts: new Waits(clock, ROOM.receipts),
  }

  /** A transaction, in a block if it gets into one in time. */
  const knownWithin = async (caller: ChainCaller, id: Uint8Array, withinMs: number) => {
    const known = await chain.transaction(id)
    if (withinMs === 0 || (known !== undefined && known.height > 0)) return known
    const settled = await waits[known === undefined ? 'unknown' : 'known']
      .wait(caller, withinMs, signal => chain.settled(id, { signal }))
      .catch((error: unknown) => {
        // that it is gone here is no more than not to know it: it may come again by another node
        if (!NOT_HERE.has(errorCode(error) ?? '')) throw error
      })
    return settled ?? chain.transaction(id)
  }

  /** What shows what became of a transaction in a block: the header that it is under follows at once. */
  const proofOf = async (caller: ChainCaller, { id, height }: TransactionResult) => {
    if (height >= chain.head().height) {
      const due = (signal: AbortSignal) => chain.reached(height + 1, { signal }).then(() => true)
      if ((await waits.receipts.wait(caller, MOST_PROOF_WAIT_MS, due)) === undefined) return undefined
    }
    const proof = await chain.proveTransaction(id)
    if (proof !== undefined) allowances.charge(caller, COST.receipt * 2 ** proof.receiptSiblings.length)
    return proof
  }

  return async ({ body: { id, waitMs, prove } }, caller) => {
    await allowances.take(caller, COST.transaction)
    const known = await knownWithin(caller, id, Math.min(waitMs, MOST_WAIT_MS))
    if (!prove || known === undefined || known.height === 0) return { body: described(known) }
    return { body: described(known, await proofOf(caller, known)) }
  }
}

function described(result: TransactionResult | undefined, proof?: TransactionProof): TransactionResponse {
  const { height = 0, index = 0, code = '', message = '', fee = 0n, bytes } = result ?? {}
  return {
    known: result !== undefined,
    height,
    index,
    code,
    message: shortened(message),
    fee,
    transaction: bytes ?? new Uint8Array(0),
    ...(proof && { proof }),
  }
}

/** A sentence as long as the wire allows. */
function shortened(text: string): string {
  const characters = [...text].slice(0, LIMITS.textBytes / 4)
  return characters.join('')
}
