/**
 * A ledger's store in a process of its own, for tests that kill it: commits block after block and prints what it
 * may tell: `open` with the height it found, `back` before it takes blocks back, `durable` when a block is on the
 * disk.
 */
import { openLedgerStore } from '@neurovoyance/ledger/node'
import { blockAt, changesAt, resultsAt } from './workload.ts'

const say = (event: string, height: number): void => void process.stdout.write(`${event} ${height}\n`)

const { state, blocks } = await openLedgerStore({ dir: process.argv[2]!, undoBlocks: 20 })
say('open', state.height ?? -1)
// Now and then a start goes back first, so that kills fall into that as well.
const lowest = await state.lowestRollback()
if (lowest !== undefined && state.height! % 3 === 0 && state.height! - 5 >= lowest) {
  say('back', state.height! - 5)
  await state.rollback(state.height! - 5)
}
for (let height = (state.height ?? -1) + 1; ; height++) {
  await blocks.save(blockAt(height))
  await state.room()
  const records = blocks.results(height, resultsAt(height))
  const { durable } = state.commit({ height, changes: changesAt(height), records })
  void durable.then(() => say('durable', height))
  if (height % 7 === 0) void state.checkpoint()
}
