import {
  type ChainSnapshot,
  type Clock,
  errorCode,
  type HistoryEntry,
  LIMITS,
  type TransactionProof,
  type TransactionResponse,
} from '@neurovoyance/protocol'
import { idOf } from '../../core/hex.js'
import { ledgerError } from '../../errors.js'
import type { Chain, ProvenValues, TransactionResult } from '../chain.js'
import type { Gossip } from '../gossip/gossip.js'
import type { ChainCaller, ChainHandlers } from '../network.js'
import { Allowances } from './allowances.js'
import { Waits } from './waits.js'

/** What handlers answer from. */
export interface HandlerParts {
  readonly chain: Pick<
    Chain,
    | 'chainId'
    | 'genesisHash'
    | 'head'
    | 'catchingUp'
    | 'submit'
    | 'transaction'
    | 'proveTransaction'
    | 'settled'
    | 'lightBlock'
  > & {
    /** Values with proofs under a header that is there, or the next one. */
    proven(keys: readonly string[]): ProvenValues
    /** Resolves when the chain is at a height. */
    reached(height: number, options: { signal: AbortSignal }): Promise<void>
    /** Where an account's transactions are, newest first. */
    entries(
      account: string,
      limit: number,
      before?: { height: number; index: number },
    ): Promise<readonly HistoryEntry[]>
  }
  /** What a unit of weight costs in the next block. */
  baseFee(): bigint
  /** Stored blocks: `BlockStore` fits. */
  readonly blocks: {
    readonly first: number | undefined
    readonly last: number | undefined
    block(height: number): { readonly block: Uint8Array; readonly commit: Uint8Array } | undefined
  }
  readonly gossip: Pick<Gossip, 'receive'>
  /** Snapshots that this node has, newest first; none when left out. */
  snapshots?(): readonly ChainSnapshot[] | Promise<readonly ChainSnapshot[]>
  readonly clock: Clock
}

/** Blocks in one answer. */
const MOST_BLOCKS = 64
/** Bytes of blocks in one answer, beyond the first one. */
const MOST_BLOCK_BYTES = 8 * 1024 ** 2
/** The longest time that an answer waits for a transaction. */
const MOST_WAIT_MS = 30_000
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
  /** For the header that shows values; in bytes of those. */
  values: { most: 64 * 1024 ** 2, mostOfOne: 16 * 1024 ** 2 },
}

/** What the answers to one peer may cost in a second; a unit is about what it costs to send a byte. */
const ALLOWANCE = 16 * 1024 ** 2
const COST = {
  submit: 4_096,
  transaction: 8_192,
  /** Of a proof, for each transaction of the block. */
  receipt: 128,
  /** One value with its proof. */
  value: 4_096,
  lightBlock: 8_192,
  history: 8_192,
  entry: 128,
}

const NOT_HERE: ReadonlySet<string> = new Set([
  'LEDGER_CHAIN_TRANSACTION_GONE',
  'LEDGER_CHAIN_TRANSACTION_UNKNOWN',
])

/** Answers what other nodes and light clients ask. */
export function createHandlers(parts: HandlerParts): ChainHandlers {
  const { chain, blocks, gossip } = parts
  const { clock } = parts
  const waits = {
    known: new Waits(clock, ROOM.known),
    unknown: new Waits(clock, ROOM.unknown),
    receipts: new Waits(clock, ROOM.receipts),
    values: new Waits(clock, ROOM.values),
  }
  const allowances = new Allowances(clock, ALLOWANCE)

  /** The newest block is stored before it is applied: it is shown when both are done. */
  const storedTo = (): number => Math.min(blocks.last ?? 0, chain.head().height)

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

  return {
    Gossip: gossip.receive,

    async Status() {
      const { height, blockId, timeMs } = chain.head()
      const { chainId, genesisHash: genesis, catchingUp } = chain
      const first = blocks.first ?? 0
      return {
        body: {
          chainId,
          genesis,
          height,
          block: blockId,
          timeMs,
          first,
          catchingUp,
          baseFee: parts.baseFee(),
        },
      }
    },

    async Blocks({ body: { first, limit } }, caller) {
      await allowances.take(caller, 0)
      const attachments: Uint8Array[] = []
      let bytes = 0
      const end = Math.min(first + Math.min(limit, MOST_BLOCKS) - 1, storedTo())
      for (let height = first; height <= end; height++) {
        const stored = blocks.block(height)
        if (stored === undefined) break
        bytes += stored.block.length + stored.commit.length
        if (height > first && bytes > MOST_BLOCK_BYTES) break
        attachments.push(stored.block, stored.commit)
      }
      allowances.charge(caller, bytes)
      return { body: { first }, attachments }
    },

    async LightBlock({ body: { height = chain.head().height } }, caller) {
      await allowances.take(caller, COST.lightBlock)
      const bytes = chain.lightBlock(height)
      if (bytes === undefined) {
        throw ledgerError('LEDGER_NOT_FOUND', `there is no header of height ${height} here`, {
          first: blocks.first ?? 0,
          last: storedTo(),
        })
      }
      allowances.charge(caller, bytes.length)
      return { body: { height }, attachments: [bytes] }
    },

    async Submit({ attachments }, caller) {
      const [bytes] = attachments
      if (bytes === undefined || attachments.length > 1)
        throw ledgerError('LEDGER_BAD_TRANSACTION', 'a transaction is submitted as the one attachment')
      await allowances.take(caller, COST.submit + bytes.length)
      return { body: { id: await chain.submit(bytes) } }
    },

    async Transaction({ body: { id, waitMs, prove } }, caller) {
      await allowances.take(caller, COST.transaction)
      const known = await knownWithin(caller, id, Math.min(waitMs, MOST_WAIT_MS))
      if (!prove || known === undefined || known.height === 0) return { body: described(known) }
      return { body: described(known, await proofOf(caller, known)) }
    },

    async Values({ body: { keys } }, caller) {
      await allowances.take(caller, COST.value * keys.length)
      const { height, values } = chain.proven(keys)
      const attachments = values.flatMap(({ value, proof }) => [value ?? new Uint8Array(0), proof])
      const bytes = attachments.reduce((sum, { length }) => sum + length, 0)
      if (bytes > LIMITS.chainValuesBytes) {
        throw ledgerError('LEDGER_TOO_LARGE', 'the values are more than fit into an answer: ask for fewer', {
          bytes,
          most: LIMITS.chainValuesBytes,
        })
      }
      allowances.charge(caller, bytes)
      if (height > chain.head().height) {
        // the header that shows the state comes with the next block: it is waited for, but not for ever
        const due = (signal: AbortSignal) => chain.reached(height, { signal }).then(() => true)
        if ((await waits.values.wait(caller, MOST_WAIT_MS, due, bytes)) === undefined) {
          throw ledgerError(
            'LEDGER_TOO_EARLY',
            'no header shows the state yet: ask again when there is another block',
          )
        }
      }
      return {
        body: { height, values: values.map(({ value }) => ({ present: value !== undefined })) },
        attachments,
      }
    },

    async History({ body: { account, limit, before } }, caller) {
      const most = Math.max(1, Math.min(limit, LIMITS.chainHistory))
      await allowances.take(caller, COST.history + COST.entry * most)
      const entries = await chain.entries(idOf(account), most, before)
      return { body: { entries: entries.map(({ height, index, id }) => ({ height, index, id })) } }
    },

    async Snapshots() {
      const snapshots = (await parts.snapshots?.()) ?? []
      return { body: { snapshots: snapshots.slice(0, LIMITS.chainSnapshots) } }
    },
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
