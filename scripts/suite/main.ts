import { readOptions, UsageError } from '../programs/options.ts'
import { chosen, help, phases } from './phases.ts'
import { runPhases } from './run.ts'
import { closingLine, type Remark } from './tally.ts'

const options = {
  only: { type: 'string', multiple: true, default: [] as string[] },
  skip: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', short: 'h', default: false },
} as const
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}; --help says more`)
  return 2
})

async function main(args: string[]): Promise<number> {
  const { help, only, skip } = readOptions(args, options)
  return help ? showHelp() : check(names(only), names(skip))
}

function showHelp(): number {
  console.log(help())
  return 0
}

async function check(only: string[], skip: string[]): Promise<number> {
  const unknown = [...only, ...skip].filter(name => chosen(phases, [name], []).length === 0)
  if (unknown.length > 0) {
    console.error(`There is no check "${unknown.join('", "')}".\n\n${help()}`)
    return 2
  }
  const { tally, interrupted } = await runPhases(chosen(phases, only, skip))
  list('Skipped', tally.skipped)
  list('Failed', tally.failed)
  console.log(`\n${closingLine(tally)}`)
  return interrupted ? 130 : tally.failed.length === 0 ? 0 : 1
}

function list(title: string, remarks: readonly Remark[]): void {
  if (remarks.length === 0) return
  console.log(`\n${title}:`)
  for (const { name, why } of remarks)
    console.log(`  ${name}: ${why.replace(/\s*\n\s*/g, ' · ').slice(0, 400)}`)
}

/** `--only style,layers --only tests` names three. */
function names(values: readonly string[]): string[] {
  return values.flatMap(value => value.split(',')).filter(name => name !== '')
}
