import { exec } from '../exec.ts'
import type { Step } from '../step.ts'
import { verdict } from '../tally.ts'

export const style: Step = {
  name: 'style',
  group: 'lint',
  what: 'Biome: format and lint, warnings included',
  async run(log) {
    const { code, output } = await exec('biome', [
      'ci',
      '--colors=off',
      '--error-on-warnings',
      '--max-diagnostics=200',
      '.',
    ])
    log(output)
    return verdict('style', code === 0 ? undefined : 'run `npx biome check --write .`')
  },
}
