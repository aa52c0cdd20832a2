import path from 'node:path'
import { runChild } from '../launch/child.mjs'
import { root } from '../launch/workspace.mjs'
import type { Program } from './find.ts'

/** How a program ended. */
export interface Run {
  code: number
  /** The last line that it printed. */
  lastLine: string
}

/** Runs a program on this Node, shows what it prints as it comes, and keeps the last line. */
export async function run(program: Program, args: readonly string[]): Promise<Run> {
  let tail = ''
  const code = await runChild(process.execPath, ['--expose-gc', path.join(root, program.file), ...args], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    onOutput: chunk => {
      process.stdout.write(chunk)
      tail = lastLines(tail + chunk)
    },
  })
  return { code, lastLine: tail.trimEnd().split('\n').at(-1) ?? '' }
}

/** The last full line of `text` and what follows it: enough to find the last line later, however much is printed. */
function lastLines(text: string): string {
  const end = text.trimEnd().lastIndexOf('\n')
  return end === -1 ? text : text.slice(end + 1)
}
