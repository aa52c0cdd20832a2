import type { Report } from '@neurovoyance/testing/bench'

/** The report in a benchmark's last line, or `undefined` where it holds none. */
export function parseReport(line: string): Report | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  return isReport(value) ? value : undefined
}

function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null) return false
  const { bench, metrics, targets, pass } = value as Partial<Report>
  return (
    typeof bench === 'string' &&
    typeof metrics === 'object' &&
    typeof targets === 'object' &&
    typeof pass === 'boolean'
  )
}
