import { NeurovoyanceError } from '@neurovoyance/protocol'
import { type ProgressStep, progressBar } from './progress.js'

/** How a command answers: a person's text or one JSON value, on standard output. */
export interface Output {
  readonly json: boolean
  /** Prints the answer: `value` as one line of JSON with `--json`, else the text. */
  answer(value: unknown, text: () => string): void
  /** A remark for a person, on standard error; nothing with `--json`. */
  note(text: string): void
  /** Shows how far something has come, on standard error; `undefined` ends it. */
  progress(step: ProgressStep | undefined): void
}

/** Output to this process's streams. */
export function createOutput(json: boolean): Output {
  const bar = progressBar(process.stderr)
  return {
    json,
    answer(value, text) {
      bar(undefined)
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`)
    },
    note(text) {
      bar(undefined)
      if (!json) process.stderr.write(`${text}\n`)
    },
    progress(step) {
      if (!json) bar(step)
    },
  }
}

/** Prints an error: what went wrong, what to do, its code; as JSON with `--json`. */
export function printError(error: unknown, json: boolean): void {
  const known = error instanceof NeurovoyanceError
  const code = known ? error.code : ((error as { code?: string }).code ?? 'NODE_INTERNAL')
  const message = inOurWords((error as Error)?.message ?? String(error))
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, details: known ? error.details : {} } })}\n`,
    )
  else process.stderr.write(`nv: ${message} [${code}]\n`)
  if (process.env.NEUROVOYANCE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

/** What a library's advice names, and what it is here. */
const OUR_WORDS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/ with models\.add$/, " with 'nv models add'"],
  [/: give the client payments$/, ': give --budget NVY'],
  [/: raise maxPrice$/, ': raise --budget, and --max-price where you gave it'],
  [/: raise budget$/, ': raise --budget'],
]

function inOurWords(message: string): string {
  return OUR_WORDS.reduce((text, [theirs, ours]) => text.replace(theirs, ours), message)
}
