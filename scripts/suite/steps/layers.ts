import { exec } from '../exec.ts'
import { impurities } from '../purity.ts'
import type { Step } from '../step.ts'
import { sum, verdict } from '../tally.ts'

export const layers: Step = {
  name: 'layers',
  group: 'lint',
  what: 'imports point down, without cycles; src/core is pure',
  async run(log) {
    const cruise = await exec('depcruise', [
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err',
      'packages',
      'apps',
      'examples',
    ])
    log(cruise.output)
    const impure = impurities()
    for (const { file, line, what } of impure) log(`${file}:${line} ${what}\n`)
    return sum([
      verdict(
        'layers',
        cruise.code === 0 ? undefined : 'imports that point up, sideways or round in circles: see above',
      ),
      verdict(
        'pure cores',
        impure.length === 0
          ? undefined
          : `${impure.length} uses of time, randomness or input and output in src/core`,
      ),
    ])
  },
}
