/** How many there are of each kind, and why, the most frequent first. */
export function tally(outcomes: readonly { readonly kind: string; readonly why: string }[]): string[] {
  const lines: string[] = []
  for (const [kind, members] of Map.groupBy(outcomes, ({ kind }) => kind)) {
    lines.push(`${members.length} ${kind}`)
    const reasons = [...Map.groupBy(members, ({ why }) => why)].filter(([why]) => why !== '')
    for (const [why, { length }] of reasons.sort(([, a], [, b]) => b.length - a.length))
      lines.push(`  ${length} ${why}`)
  }
  return lines
}
