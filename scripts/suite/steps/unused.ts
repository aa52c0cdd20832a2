import { exec } from '../exec.ts'
import type { Step } from '../step.ts'
import { verdict } from '../tally.ts'

export const unused: Step = {
  name: 'unused',
  group: 'lint',
  what: 'knip: no unused file, export or dependency, and none that is missing',
  async run(log) {
    const { code, output } = await exec('knip', ['--no-progress', '--treat-config-hints-as-errors'])
    log(output)
    return verdict(
      'unused',
      code === 0 ? undefined : 'remove what knip lists, or say in knip.json why it stays',
    )
  },
}
