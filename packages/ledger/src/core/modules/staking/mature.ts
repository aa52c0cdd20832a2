import type { Unbonding } from '@neurovoyance/protocol'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import { dueList } from '../../state/due-queue.js'
import { credit } from '../accounts/account.js'
import { EMPTY_PURSE, totalOf } from '../accounts/purse.js'
import { enqueueEarned } from '../exit/enqueue.js'
import { afterLiabilities } from './liability.js'
import { keepStaker, stakerOf } from './staker.js'

/** Accounts whose coins come back, by time. */
export const returning = dueList('staking/returning')

/** Accounts that get their coins back with one block. */
const ACCOUNTS_PER_BLOCK = 32

/** Gives back what has unbonded, without being asked. */
export function mature(context: BlockContext): void {
  const { draft, timeMs } = context
  for (const account of returning.take(draft, timeMs, ACCOUNTS_PER_BLOCK)) {
    const staker = stakerOf(draft, account)
    const due = staker.unbonding.filter(({ endsMs }) => endsMs <= timeMs)
    keepStaker(draft, account, { ...staker, unbonding: staker.unbonding.filter(part => !due.includes(part)) })
    for (const part of due) giveBack(context, account, part)
  }
}

/** Coins come back as what they were, less what was slashed while they were away. */
function giveBack(context: BlockContext, account: Id, { purse, liabilities, exit }: Unbonding): void {
  const back = afterLiabilities(context.draft, purse!, liabilities)
  const burnt = totalOf(purse!) - totalOf(back)
  noteBurnt(context.draft, burnt)
  credit(context, account, exit ? { ...back, earned: [] } : back)
  if (exit) enqueueEarned(context, account, { ...EMPTY_PURSE, earned: back.earned })
  context.emit({ kind: 'staking/returned', accounts: [account], fields: { amount: totalOf(back), burnt } })
}
