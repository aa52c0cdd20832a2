import { parseArgs } from 'node:util'
import { chosen, help, phases } from './phases.ts'
import { runPhases } from './run.ts'
import { closingLine, type Remark } from './tally.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    skip: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
process.exitCode = values.help ? showHelp() : await check(names(values.only), names(values.skip))

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
