import { AppliedHead } from '@neurovoyance/protocol'
import type { Beginning } from '../../consensus/core/index.js'
import { coreBeginning, wireBeginning } from '../../consensus/disk/record.js'
import { type LedgerStore, recordWrite, type Write } from '../../store/index.js'
import { chainError } from '../errors.js'

/** The chain up to an applied block, as the next one and consensus go on from it. */
export interface HeadRecord {
  readonly height: number
  readonly timeMs: number
  readonly blockId: Uint8Array
  readonly receiptsRoot: Uint8Array
  /** What consensus begins the next height with; priorities of the rotation are in no hash, so they are kept. */
  readonly beginning: Beginning
}

/** Heads that are kept, so that the chain can go back by as many blocks. */
const KEPT_HEADS = 64

const nameOf = (height: number): string => `head/${height}`

/** A head as it is stored. */
export const encodeHeadRecord = ({ blockId, beginning, ...rest }: HeadRecord): Uint8Array =>
  AppliedHead.encode({ ...rest, block: blockId, beginning: wireBeginning(beginning) })

/** A head that was stored; `undefined` where it says nothing of consensus. */
export function decodeHeadRecord(bytes: Uint8Array): HeadRecord | undefined {
  const { block, beginning, ...rest } = AppliedHead.decode(bytes)
  return beginning && { ...rest, blockId: block, beginning: coreBeginning(beginning) }
}

/** Stores a head in its block's batch, and forgets one that is too old to go back to. */
export const headWrites = (head: HeadRecord): Write[] => [
  recordWrite(nameOf(head.height), encodeHeadRecord(head)),
  ...(head.height > KEPT_HEADS ? [recordWrite(nameOf(head.height - KEPT_HEADS), undefined)] : []),
]

/**
 * The head of the state that a store has.
 *
 * @throws ChainError `LEDGER_CHAIN_INCOMPLETE`
 */
export function readHead(store: Pick<LedgerStore, 'record'>, height: number): HeadRecord {
  const bytes = store.record(nameOf(height))
  const head = bytes && decodeHeadRecord(bytes)
  if (head?.height === height) return head
  throw chainError(
    'LEDGER_CHAIN_INCOMPLETE',
    `the folder has the state after block ${height}, and nothing of the chain: begin anew in an empty folder`,
    { height },
  )
}
