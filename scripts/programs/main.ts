import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../launch/workspace.mjs'
import { commentText, findPrograms, isKind, type Kind } from './find.ts'
import { listing } from './list.ts'
import { checkOptions, optionLines, readOptions, UsageError } from './options.ts'
import { run } from './run.ts'
import { runAll } from './run-all.ts'
import { statedOptions } from './stated-options.ts'

const checkOption = { check: { type: 'boolean', default: false } } as const

const [kind, ...args] = process.argv.slice(2)
if (kind === undefined || !isKind(kind)) throw new Error(`"${kind}" is no kind of program`)
process.exitCode = await main(kind, args).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}; --help says more`)
  return 2
})

/** `bench`, `sim` or `soak`: alone lists the programs, with a name runs one, with `all` each of them. */
async function main(kind: Kind, args: string[]): Promise<number> {
  const [name, ...rest] = args
  const programs = findPrograms(kind)
  if (name === undefined || ['--help', '-h', 'help', '--list', 'list'].includes(name)) {
    console.log(listing(kind, programs))
    return 0
  }
  if (name === 'all') {
    return runAll(kind, programs, readOptions(rest, checkOption))
  }
  const program = programs.find(candidate => candidate.name === name)
  if (program === undefined) {
    const what = name.startsWith('-')
      ? `The name of a ${kind} comes first, not '${name}'.`
      : `There is no ${kind} '${name}'.`
    console.error(`${what} There are:\n\n${listing(kind, programs)}`)
    return 2
  }
  const source = readFileSync(path.join(root, program.file), 'utf8')
  const stated = {
    ...statedOptions(source),
    ...(kind === 'bench' && { check: { value: 'none' as const } }),
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log([commentText(source), '', 'Options:', ...optionLines(stated)].join('\n'))
    return 0
  }
  checkOptions(rest, stated)
  return (await run(program, rest)).code
}
