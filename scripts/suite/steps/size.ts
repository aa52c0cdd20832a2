import { exec } from '../exec.ts'
import type { Step } from '../step.ts'
import { sum, verdict } from '../tally.ts'

interface Measured {
  name: string
  passed?: boolean
  size: number
  sizeLimit?: number
}

export const size: Step = {
  name: 'size',
  group: 'lint',
  what: 'what an application bundles of the client for a browser, against .size-limit.json',
  async run(log) {
    const { stdout, output } = await exec('size-limit', ['--json'])
    const measured = parse(stdout)
    if (measured === undefined) {
      log(output)
      return verdict('size', 'the client does not bundle for a browser')
    }
    return sum(
      measured.map(({ name, passed, size: bytes, sizeLimit }) => {
        const figure = `${kilobytes(bytes)} of ${kilobytes(sizeLimit ?? 0)} allowed`
        log(`${name}: ${figure}\n`)
        return verdict(`size of ${name}`, passed === false ? figure : undefined)
      }),
    )
  },
}

function parse(text: string): Measured[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
