import { ledgerError } from '../errors.js'

/** Deeper documents are nobody's genesis. */
const MOST_DEPTH = 16

/**
 * A value as the one JSON text that RFC 8785 has for it: names sorted, no spaces, whole numbers. So two programs
 * that read one document hash the same bytes, however its file is laid out.
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS` for what JSON does not have, numbers that are not whole, too deep a value
 */
export function canonicalJson(value: unknown, field = 'the document', depth = 0): string {
  const bad = (problem: string) => ledgerError('LEDGER_BAD_GENESIS', `${field} ${problem}`, { field })
  if (depth > MOST_DEPTH) throw bad(`is more than ${MOST_DEPTH} levels deep`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw bad('is not a whole number below 2^53')
    return String(value)
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => canonicalJson(item, `${field}[${index}]`, depth + 1)).join()}]`
  }
  if (typeof value !== 'object') throw bad(`is a ${typeof value}, which JSON does not have`)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => {
      const path = depth === 0 ? name : `${field}.${name}`
      return `${JSON.stringify(name)}:${canonicalJson(member, path, depth + 1)}`
    })
  return `{${members.join()}}`
}
