import type { Tally } from './tally.ts'

/** One check of `npm test`. */
export interface Step {
  /** What `--only` and `--skip` call it. */
  name: string
  /** What it checks, in a line of `--help`. */
  what: string
  /** A group that `--only` takes too. */
  group: 'build' | 'lint' | 'test'
  run(log: (text: string) => void): Promise<Tally>
}

/** Steps that can run beside each other; a phase begins when the one before it has ended. */
export interface Phase {
  steps: Step[]
  /** How many of them run at a time. */
  width: number
  /** Shows what a step says while it comes, instead of when it failed. */
  stream: boolean
}
