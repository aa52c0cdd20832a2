import { exec } from '../exec.ts'
import type { Step } from '../step.ts'
import { verdict } from '../tally.ts'

export const docs: Step = {
  name: 'docs',
  group: 'lint',
  what: 'the API reference can be written: every link in a docstring resolves',
  async run(log) {
    const { code, output } = await exec('typedoc', ['--emit', 'none', '--logLevel', 'Warn'])
    log(output)
    return verdict('API reference', code === 0 ? undefined : 'see typedoc above')
  },
}
