import { parseArgs } from 'node:util'
import { findPrograms, isKind, type Kind, type Program } from './find.ts'
import { listing } from './list.ts'
import { run } from './run.ts'
import { runAll } from './run-all.ts'

const [kind, ...args] = process.argv.slice(2)
if (kind === undefined || !isKind(kind)) throw new Error(`"${kind}" is no kind of program`)
process.exitCode = await main(kind, args)

/** `bench`, `sim` or `soak`: alone lists the programs, with a name runs one, with `all` each of them. */
async function main(kind: Kind, args: string[]): Promise<number> {
  const [name, ...rest] = args
  const programs = findPrograms(kind)
  if (name === undefined || name === '--help' || name === '-h') {
    console.log(listing(kind, programs))
    return 0
  }
  if (name === 'all') {
    const { values } = parseArgs({ args: rest, options: { check: { type: 'boolean', default: false } } })
    return runAll(kind, programs, values)
  }
  const program = programs.find(candidate => candidate.name === name)
  if (program === undefined) {
    console.error(`There is no ${kind} "${name}".\n\n${listing(kind, programs)}`)
    return 2
  }
  return (await run(program as Program, rest)).code
}
