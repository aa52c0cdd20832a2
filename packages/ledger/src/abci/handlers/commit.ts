import type { Ledger } from '../application/ledger.js'
import type { ResponseOf } from '../messages/responses.js'

/** Lets the staged block be written, and tells CometBFT which blocks it may forget. */
export function commit({ keeper, shelf, state, keepBlocks }: Ledger): ResponseOf<'commit'> {
  const { height } = keeper.commit()
  shelf.afterBlock(state, height, at => keeper.timeOf(at))
  return { retainHeight: keepBlocks === undefined ? 0 : Math.max(0, height - keepBlocks + 1) }
}
