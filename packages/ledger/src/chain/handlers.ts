import {
  type ChainSnapshot,
  type Clock,
  errorCode,
  LIMITS,
  LightBlock,
  type TransactionProof,
  type TransactionResponse,
} from '@neurovoyance/protocol'
import { idOf } from '../core/hex.js'
import { ledgerError } from '../errors.js'
import type { Chain, TransactionResult } from './chain.js'
import type { Gossip } from './gossip/gossip.js'
import type { ChainCaller, ChainHandlers } from './network.js'
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
    | 'prove'
    | 'history'
    | 'lightBlock'
  >
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

const NOT_HERE: ReadonlySet<string> = new Set([
  'LEDGER_CHAIN_TRANSACTION_GONE',
  'LEDGER_CHAIN_TRANSACTION_UNKNOWN',
])

/** Answers what other nodes and light clients ask. */
export function createHandlers(parts: HandlerParts): ChainHandlers {
  const { chain, blocks, gossip } = parts
  const waits = new Waits(parts.clock)

  /** The newest block is stored before it is applied: it is shown when both are done. */
  const storedTo = (): number => Math.min(blocks.last ?? 0, chain.head().height)

  /** A transaction, in a block if it gets into one in time. */
  const knownWithin = async (caller: ChainCaller, id: Uint8Array, withinMs: number) => {
    const known = await chain.transaction(id)
    if (withinMs === 0 || (known !== undefined && known.height > 0)) return known
    const settled = await waits
      .wait(caller, withinMs, signal => chain.settled(id, { signal }))
      .catch((error: unknown) => {
        // that it is gone here is no more than not to know it: it may come again by another node
        if (!NOT_HERE.has(errorCode(error) ?? '')) throw error
      })
    return settled ?? chain.transaction(id)
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

    async Blocks({ body: { first, limit } }) {
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
      return { body: { first }, attachments }
    },

    async LightBlock({ body: { height } }) {
      const bytes = chain.lightBlock(height)
      if (bytes === undefined) {
        throw ledgerError('LEDGER_NOT_FOUND', `there is no header of height ${height ?? 'any'} here`, {
          first: blocks.first ?? 0,
          last: storedTo(),
        })
      }
      return { body: { height: height ?? heightIn(bytes) }, attachments: [bytes] }
    },

    async Submit({ attachments }) {
      const [bytes] = attachments
      if (bytes === undefined || attachments.length > 1)
        throw ledgerError('LEDGER_BAD_TRANSACTION', 'a transaction is submitted as the one attachment')
      return { body: { id: await chain.submit(bytes) } }
    },

    async Transaction({ body: { id, waitMs, prove } }, caller) {
      const known = await knownWithin(caller, id, Math.min(waitMs, MOST_WAIT_MS))
      if (!prove || known === undefined || known.height === 0) return { body: described(known) }
      const proof = await waits.wait(caller, MOST_PROOF_WAIT_MS, signal =>
        chain.proveTransaction(id, { signal }),
      )
      return { body: described(known, proof) }
    },

    async Values({ body: { keys } }, caller) {
      const proven = await provenWithin(waits, caller, signal => chain.prove(keys, { signal }))
      const { height, values } = proven
      const attachments = values.flatMap(({ value, proof }) => [value ?? new Uint8Array(0), proof])
      const bytes = attachments.reduce((sum, { length }) => sum + length, 0)
      if (bytes > LIMITS.chainValuesBytes) {
        throw ledgerError('LEDGER_TOO_LARGE', 'the values are more than fit into an answer: ask for fewer', {
          bytes,
          most: LIMITS.chainValuesBytes,
        })
      }
      return {
        body: { height, values: values.map(({ value }) => ({ present: value !== undefined })) },
        attachments,
      }
    },

    async History({ body: { account, limit, before } }) {
      const most = Math.max(1, Math.min(limit, LIMITS.chainHistory))
      const results = await chain.history(idOf(account), most, before)
      return { body: { entries: results.map(({ height, index, id }) => ({ height, index, id })) } }
    },

    async Snapshots() {
      const snapshots = (await parts.snapshots?.()) ?? []
      return { body: { snapshots: snapshots.slice(0, LIMITS.chainSnapshots) } }
    },
  }
}

/** The header that shows the state comes with the next block: it is waited for, but not for ever. */
async function provenWithin<T>(
  waits: Waits,
  caller: ChainCaller,
  prove: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const proven = await waits.wait(caller, MOST_WAIT_MS, prove)
  if (proven !== undefined) return proven
  throw ledgerError(
    'LEDGER_TOO_EARLY',
    'no header shows the state yet: ask again when there is another block',
  )
}

const heightIn = (lightBlock: Uint8Array): number => LightBlock.decode(lightBlock).header?.height ?? 0

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
