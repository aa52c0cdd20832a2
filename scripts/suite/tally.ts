/** One check or test that did not pass, and why. */
export interface Remark {
  name: string
  why: string
}

/** What a step, or a package's tests, came to. */
export interface Tally {
  passed: number
  failed: Remark[]
  skipped: Remark[]
}

/** A single check as a tally: passed, or failed for the given reason. */
export function verdict(name: string, why?: string | undefined): Tally {
  return why === undefined
    ? { passed: 1, failed: [], skipped: [] }
    : { passed: 0, failed: [{ name, why }], skipped: [] }
}

/** The line of a program's output that names its error; where none does, the last one. */
export function briefly(output: string): string {
  const lines = output.split('\n').filter(line => line.trim() !== '')
  return (
    lines.find(line => /\berror\b|^\w*Error\b/i.test(line))?.trim() ?? lines.at(-1)?.trim() ?? 'no output'
  )
}

/** The sum of tallies, each remark's name opened with where it comes from. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.flatMap(tally => tally.failed),
    skipped: tallies.flatMap(tally => tally.skipped),
  }
}

/** `tally` with `prefix` before the name of each remark. */
export function within(prefix: string, tally: Tally): Tally {
  const named = ({ name, why }: Remark): Remark => ({ name: `${prefix} ${name}`, why })
  return { passed: tally.passed, failed: tally.failed.map(named), skipped: tally.skipped.map(named) }
}

/** The line that ends `npm test`. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`
}
