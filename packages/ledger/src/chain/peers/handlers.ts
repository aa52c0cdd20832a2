import { LIMITS } from '@neurovoyance/protocol'
import { idOf } from '../../core/hex.js'
import { ledgerError } from '../../errors.js'
import type { ChainHandlers } from '../network.js'
import { Allowances } from './allowances.js'
import { ALLOWANCE, COST } from './costs.js'
import type { HandlerParts } from './handler-parts.js'
import { createTransactionHandler } from './transaction-handler.js'
import { createValuesHandler } from './values-handler.js'

/** Blocks in one answer. */
const MOST_BLOCKS = 64
/** Bytes of blocks in one answer, beyond the first one. */
const MOST_BLOCK_BYTES = 8 * 1024 ** 2

/** Answers what other nodes and light clients ask. */
export function createHandlers(parts: HandlerParts): ChainHandlers {
  const { chain, blocks, gossip } = parts
  const allowances = new Allowances(parts.clock, ALLOWANCE)

  /** The newest block is stored before it is applied: it is shown when both are done. */
  const storedTo = (): number => Math.min(blocks.last ?? 0, chain.head().height)

  return {
    Gossip: gossip.receive,
    Transaction: createTransactionHandler(parts, allowances),
    Values: createValuesHandler(parts, allowances),

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
