import { Supply } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { single } from '../state/collection.js'
import type { Draft } from '../state/draft.js'

/** What coins there are. */
export const supply = single<Supply>('supply', { codec: Supply })

const NONE: Supply = Object.freeze({ genesis: 0n, minted: 0n, burnt: 0n, held: [] })

/** The supply so far in this block; what is held is as of the block before. */
export const supplyOf = (draft: Draft): Supply => supply.get(draft) ?? NONE

/** Coins of one kind after the block before. */
export const heldOf = (draft: Draft, kind: string): bigint =>
  supplyOf(draft).held.find(item => item.kind === kind)?.amount ?? 0n

/** Notes coins that the caller makes. */
export function noteMinted(draft: Draft, amount: bigint): void {
  const now = supplyOf(draft)
  if (amount !== 0n) supply.set(draft, { ...now, minted: now.minted + amount })
}

/** Notes coins that the caller destroys. */
export function noteBurnt(draft: Draft, amount: bigint): void {
  const now = supplyOf(draft)
  if (amount !== 0n) supply.set(draft, { ...now, burnt: now.burnt + amount })
}

/**
 * Counts what is held, by kind, from what the block changed, and checks it against what was minted and burnt.
 * Whoever wrote the rules, coins neither appear nor vanish.
 *
 * @throws LedgerError `LEDGER_SUPPLY_BROKEN`
 */
export function balanceSupply(draft: Draft): void {
  const now = supplyOf(draft)
  const held = new Map(now.held.map(({ kind, amount }) => [kind, amount]))
  for (const [kind, delta] of draft.holdingsDelta()) held.set(kind, (held.get(kind) ?? 0n) + delta)
  const kinds = [...held].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1))
  const total = kinds.reduce((sum, [, amount]) => sum + amount, 0n)
  const due = now.genesis + now.minted - now.burnt
  if (total !== due || kinds.some(([, amount]) => amount < 0n)) {
    const byKind = Object.fromEntries(kinds.map(([kind, amount]) => [kind, String(amount)]))
    throw ledgerError('LEDGER_SUPPLY_BROKEN', `${total} base units are held, and there are ${due}`, {
      byKind,
    })
  }
  const same =
    kinds.length === now.held.length &&
    kinds.every(
      ([kind, amount], index) => now.held[index]!.kind === kind && now.held[index]!.amount === amount,
    )
  if (!same) supply.set(draft, { ...now, held: kinds.map(([kind, amount]) => ({ kind, amount })) })
}
