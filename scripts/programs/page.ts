import { meets, type Report } from '@neurovoyance/testing/bench'
import type { Program } from './find.ts'
import { describeMachine } from './machine.ts'

/** What a benchmark came to; no report where it broke. */
export interface Outcome {
  program: Program
  code: number
  report: Report | undefined
}

/** `docs/benchmarks.md`: every target and how far it was met, then each benchmark's figures and plot. */
export function benchmarksPage(
  outcomes: readonly Outcome[],
  plotted: ReadonlySet<string>,
  machine = describeMachine(),
): string {
  const met = outcomes.filter(({ report }) => report?.pass === true).length
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- all`; `npm run bench -- NAME` repeats one, and `--check` fails where a target is missed. A comparison runs both sides in the same run, in turns.',
    '',
    `${machine} What is behind the figures, and what was tried: [performance.md](performance.md).`,
    '',
    `${met} of ${outcomes.length} benchmarks met their targets.`,
    '',
    '| bench | metric | measured | target | |',
    '|---|---|--:|--:|---|',
    ...outcomes.flatMap(targetRows),
    '',
    ...outcomes.flatMap(outcome => section(outcome, plotted.has(outcome.program.name))),
  ].join('\n')
}

function targetRows({ program, report, code }: Outcome): string[] {
  const name = `[${program.name}](#${program.name})`
  if (report === undefined) return [`| ${name} | | | | failed (exit code ${code}) |`]
  const targets = Object.entries(report.targets)
  if (targets.length === 0) return [`| ${name} | | | | reported below |`]
  return targets.map(([metric, target]) => {
    const value = report.metrics[metric] ?? Number.NaN
    return `| ${name} | ${metric} | ${figure(value)} | ${target} | ${meets(value, target) ? 'met' : '**missed**'} |`
  })
}

function section({ program, report }: Outcome, plotted: boolean): string[] {
  if (report === undefined) return []
  return [
    `## ${program.name}`,
    '',
    ...program.about.flatMap(paragraph => [paragraph, '']),
    `\`npm run bench -- ${program.name}\` (\`${program.file}\`)`,
    '',
    ...(plotted
      ? [`![${program.name}: median, quartiles, 5th and 95th percentile](benchmarks/${program.name}.svg)`, '']
      : []),
    '| metric | value |',
    '|---|--:|',
    ...Object.entries(report.metrics).map(([name, value]) => `| ${name} | ${figure(value)} |`),
    '',
  ]
}

function figure(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumSignificantDigits: 6 })
}
