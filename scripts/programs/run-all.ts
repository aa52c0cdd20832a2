import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../launch/workspace.mjs'
import type { Kind, Program } from './find.ts'
import { benchmarksPage, type Outcome } from './page.ts'
import { plot } from './plot.ts'
import { parseReport } from './report.ts'
import { run } from './run.ts'

/** Runs every program of a kind; for benchmarks writes `docs/benchmarks.md` and its plots. */
export async function runAll(
  kind: Kind,
  programs: readonly Program[],
  { check }: { check: boolean },
): Promise<number> {
  const outcomes: Outcome[] = []
  for (const program of programs) {
    console.log(`\n— ${program.name} · ${program.file}`)
    const { code, lastLine } = await run(program, [])
    outcomes.push({ program, code, report: kind === 'bench' ? parseReport(lastLine) : undefined })
  }
  if (kind === 'bench') writeResults(outcomes)

  const broken = outcomes.filter(
    ({ code, report }) => code !== 0 || (kind === 'bench' && report === undefined),
  )
  const missed = outcomes.filter(({ report }) => report?.pass === false)
  for (const { program, code } of broken) console.error(`${program.name} failed with exit code ${code}`)
  for (const { program } of missed) console.error(`${program.name} missed a target`)
  return broken.length > 0 || (check && missed.length > 0) ? 1 : 0
}

function writeResults(outcomes: readonly Outcome[]): void {
  const folder = path.join(root, 'docs', 'benchmarks')
  mkdirSync(folder, { recursive: true })
  const plotted = new Set<string>()
  for (const { program, report } of outcomes) {
    if (report?.spread === undefined) continue
    writeFileSync(path.join(folder, `${program.name}.svg`), plot(program.name, report.spread))
    plotted.add(program.name)
  }
  writeFileSync(path.join(root, 'docs', 'benchmarks.md'), benchmarksPage(outcomes, plotted))
  console.log('\nWrote docs/benchmarks.md')
}
