import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../launch/workspace.mjs'
import { builtHash, cached, hashOf } from '../cache.ts'
import { exec } from '../exec.ts'
import { workspacePackages } from '../packages.ts'
import type { Step } from '../step.ts'
import { verdict } from '../tally.ts'

export const docs: Step = {
  name: 'docs',
  group: 'lint',
  what: 'the API reference can be written: every link in a docstring resolves',
  run(log) {
    const readmes = workspacePackages().map(({ dir }) => path.join(dir, 'README.md'))
    const sources = ['typedoc.json', ...readmes].map(file => readIfThere(path.join(root, file)))
    return cached('docs', hashOf([builtHash(), ...sources]), log, async () => {
      const { code, output } = await exec('typedoc', ['--emit', 'none', '--logLevel', 'Warn'])
      log(output)
      return verdict('API reference', code === 0 ? undefined : 'see typedoc above')
    })
  },
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
