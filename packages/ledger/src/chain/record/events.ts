import { type EventRecord, LIMITS } from '@neurovoyance/protocol'
import { bytesOf, idOf } from '../../core/hex.js'
import type { LedgerEvent } from '../../core/machine/context.js'

const MOST_AMOUNT = (1n << 63n) - 1n

/** Events as a node keeps them: the first of them, where they are more than are kept. */
export const wireEvents = (events: readonly LedgerEvent[], most: number): readonly EventRecord[] =>
  events.slice(0, most).map(({ kind, accounts, fields }) => ({
    kind,
    accounts: accounts.slice(0, LIMITS.eventAccounts).map(bytesOf),
    fields: Object.entries(fields).slice(0, LIMITS.eventFields).map(wireField),
  }))

/** Events that were kept. */
export const coreEvents = (records: readonly EventRecord[]): readonly LedgerEvent[] =>
  records.map(({ kind, accounts, fields }) => ({
    kind,
    accounts: accounts.map(idOf),
    fields: Object.fromEntries(
      fields.map(({ name, text, number, amount }) => [name, text ?? number ?? amount ?? 0]),
    ),
  }))

function wireField([name, value]: [string, string | number | bigint]) {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { name, number: value }
  if (typeof value === 'bigint' && value >= 0n && value <= MOST_AMOUNT) return { name, amount: value }
  return { name, text: shortText(String(value)) }
}

/** At most as many bytes of UTF-8 as a text may have. */
export const shortText = (text: string): string => text.toWellFormed().slice(0, LIMITS.textBytes / 4)
