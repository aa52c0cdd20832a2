import path from 'node:path'
import { root } from '../../launch/workspace.mjs'
import { execNode } from '../exec.ts'
import type { Step } from '../step.ts'
import { type Tally, verdict } from '../tally.ts'

const program = path.join(root, 'packages', 'protocol', 'sim', 'fuzz.ts')
const frames = 100_000
const seed = 20_260
const runLimitMs = 5 * 60_000

/** What the fuzzer's last line says. */
interface Report {
  decoders: number
  frames: number
}

export const fuzz: Step = {
  name: 'fuzz',
  group: 'test',
  what: `every decoder of the workspace on ${frames} damaged and random frames in all (long form: npm run sim -- fuzz)`,
  async run(log) {
    const args = [program, '--seed', `${seed}`, '--frames', `${frames}`]
    const { code, stdout, output } = await execNode(args, { timeoutMs: runLimitMs })
    log(output)
    if (code !== 0)
      return verdict('fuzz', output.split('\n').find(line => /^FuzzFailure|Error/.test(line)) ?? output)
    return tallyOf(JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Report)
  },
}

/** A check for each decoder. */
function tallyOf({ decoders, frames: fed }: Report): Tally {
  return fed < frames
    ? verdict('fuzz', `${fed} frames were made instead of ${frames}`)
    : { passed: decoders, failed: [], skipped: [] }
}
