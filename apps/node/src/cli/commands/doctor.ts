import { Command } from 'commander'
import { contextOf } from '../context.js'
import { examine } from '../doctor/examine.js'
import type { Finding } from '../doctor/finding.js'
import { EXIT } from '../exit-codes.js'

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const

/** `nv doctor` */
export function doctorCommand(signal: AbortSignal): Command {
  return new Command('doctor')
    .description('Check that a node can run here, and say what to do where it cannot.')
    .addHelpText(
      'after',
      '\nExamples:\n  nv doctor\n  nv doctor --json | jq ".findings[] | select(.verdict != \\"ok\\")"',
    )
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const findings: Finding[] = []
      for await (const finding of examine(home)) findings.push(finding)
      output.answer({ ok: !findings.some(failed), findings }, () => findings.map(describe).join('\n'))
      if (findings.some(failed)) process.exitCode = EXIT.failure
    })
}

function failed({ verdict }: Finding): boolean {
  return verdict === 'fail'
}

function describe({ check, verdict, found, advice }: Finding): string {
  return `${MARKS[verdict]} ${check.padEnd(9)} ${found}${advice === undefined ? '' : `\n            → ${advice}`}`
}
