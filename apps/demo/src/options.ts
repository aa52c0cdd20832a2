import { parseArgs } from 'node:util'

/** What the main job is asked for. */
export interface Options {
  /** End after the job. */
  once: boolean
  /** Print one JSON object as the last line. */
  json: boolean
  pages: number
  nodes: number
  /** Whether the client pays, on a chain that the hive keeps. */
  paid: boolean
  /** The most that the client pays, in NVY. */
  budget: string
  /** Folder for the pictures. */
  out: string
  /** File for a picture of the hive (SVG). */
  draw?: string
}

/** A command line that is not what is wanted: exit code 2. */
export class Misuse extends Error {
  override name = 'Misuse'
}

/** What the client pays at most where nobody says, in NVY. */
const BUDGET = '5'

export const HELP = `npm start [-- OPTIONS]

Starts a hive on this machine (one bootstrap, three nodes, a client: five processes), gives it the PP-OCR
models, has it read pages of a book, and shows which node did what, against reading them without the network.
The client pays each node for each answer, on a ledger that the bootstrap and the nodes agree on: who earned what,
and the client's balance with its proof, are in the end. Then the hive stays up until Ctrl-C.

  --once         end after the job; exit code 0 where the hive read what this machine reads by itself
  --json         print the outcome or the failure as one JSON object, the last line on standard output
  --pages N      pages to read, 1 to 50 (2)
  --nodes N      user nodes, 1 to 20 (3)
  --budget NVY   the most that the client pays (5)
  --free         nobody pays, and no chain is kept
  --out FOLDER   where the pictures of the pages go (out)
  --draw FILE    write a picture of the hive, too (SVG)
  --help         print this

Examples:
  npm start
  npm start -- --once --json --pages 1
`

/** Reads the command line; `undefined` when it asks for help. @throws Misuse for what it does not know */
export function readOptions(argv: readonly string[]): Options | undefined {
  const values = valuesOf(argv)
  if (values.help) return undefined
  const { once, json, out, draw, free, budget } = values
  if (free && budget !== undefined)
    throw new Misuse('--free and --budget exclude each other: nobody pays, or you do')
  if (budget !== undefined && (!/^\d{1,9}(\.\d{1,9})?$/.test(budget) || Number(budget) === 0))
    throw new Misuse(`--budget takes an amount of NVY above 0, such as 0.5, not '${budget}'`)
  return {
    once,
    json,
    out,
    paid: !free,
    budget: budget ?? BUDGET,
    ...(draw !== undefined && { draw }),
    pages: count('--pages', values.pages, 50),
    nodes: count('--nodes', values.nodes, 20),
  }
}

function valuesOf(argv: readonly string[]) {
  try {
    return parse(argv)
  } catch (cause) {
    throw new Misuse((cause as Error).message, { cause })
  }
}

const parse = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    options: {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      pages: { type: 'string', default: '2' },
      nodes: { type: 'string', default: '3' },
      budget: { type: 'string' },
      free: { type: 'boolean', default: false },
      out: { type: 'string', default: 'out' },
      draw: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values

function count(name: string, text: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new Misuse(`${name} takes a whole number from 1 to ${most}, not '${text}'`)
}
