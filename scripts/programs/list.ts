import type { Kind, Program } from './find.ts'

/** The programs of a kind, a line each, and how to run one. */
export function listing(kind: Kind, programs: readonly Program[]): string {
  const width = Math.max(0, ...programs.map(({ name }) => name.length))
  const lines = programs.map(({ name, description, targets }) => {
    const stated = Object.entries(targets).map(([metric, target]) => `${metric} ${target}`)
    return `  ${name.padEnd(width)}  ${description}${stated.length === 0 ? '' : ` [${stated.join(', ')}]`}`
  })
  return [...(lines.length === 0 ? [`  (there is no ${kind} yet)`] : lines), '', ...usage[kind]].join('\n')
}

const usage: Record<Kind, string[]> = {
  bench: [
    'pnpm bench NAME [--check]   one; --check exits with 1 where a target is missed',
    'pnpm bench all [--check]    each of them, into docs/benchmarks.md',
  ],
  sim: ['pnpm sim NAME --seed N      one, replayed from a seed', 'pnpm sim all                each of them'],
  soak: ['pnpm soak NAME              one', 'pnpm soak all               each of them'],
}
