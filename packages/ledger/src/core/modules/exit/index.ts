/**
 * Exit: *spend freely, cash out slowly*. Earned coins pay within the network at once; to become liquid they go
 * through one queue.
 *
 * - An **epoch** is `time/epochMs` of ledger time, counted from the Unix epoch; it begins with the first block in it,
 *   and no more than one begins with a block. The queue moves then and at no other time.
 * - The **circulating supply** is what `CIRCULATING` names, as it was after the block before.
 * - With every epoch all requests are released the same share of their *original* amounts: `exit/releaseShare` (1/8),
 *   or as much less as keeps the sum within `exit/capShare` (2%) of the circulating supply. One factor for all, and
 *   linear in the amount: an account that splits itself gains nothing.
 * - The factors are added up in one **index**. A request remembers the index it came in at, so what it is released is
 *   a difference; it is finished when the index has grown by one whole. Requests of one epoch come in at one index
 *   and finish together: a cohort. Work grows with what finishes, not with what waits.
 * - Amounts are multiples of 10⁶ base units and the index counts millionths, so every release is exact.
 * - Tribute is fixed when coins come in, by their age, and burnt as they leave. Nothing else is ever taken.
 *
 * @module
 */
import type { LedgerModule } from '../../machine/module.js'
import { cancel } from './cancel.js'
import { claim } from './claim.js'
import { finish } from './finish.js'
import { exitParameters } from './parameters.js'
import { release } from './release.js'
import { request } from './request.js'

/** The exit queue. */
export const exitModule: LedgerModule = {
  name: 'exit',
  parameters: exitParameters,
  actions: { request, claim, cancel },
  beginBlock(context) {
    release(context)
    finish(context)
  },
}
