import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../../launch/workspace.mjs'
import { builtHash, cached, hashOf } from '../cache.ts'
import { execNode } from '../exec.ts'
import { type Block, readmeBlocks } from '../readme.ts'
import type { Step } from '../step.ts'
import { briefly, sum, type Tally, verdict } from '../tally.ts'

const timeLimitMs = 120_000
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')

export const readmes: Step = {
  name: 'readmes',
  group: 'test',
  what: 'every ```ts block of the READMEs and docs has sound types and runs (```ts no-run: types only)',
  run(log) {
    const blocks = readmeBlocks()
    const key = hashOf([builtHash(), JSON.stringify(blocks)])
    return cached('readmes', key, log, async () => {
      const homes = new Set(blocks.map(({ home }) => home))
      const tallies: Tally[] = []
      for (const home of homes) {
        tallies.push(
          await checkHome(
            home,
            blocks.filter(block => block.home === home),
            log,
          ),
        )
      }
      return sum(tallies)
    })
  },
}

/** Writes a package's blocks into a folder of it, so that its imports resolve as they do in the package. */
async function checkHome(
  home: string,
  blocks: readonly Block[],
  log: (text: string) => void,
): Promise<Tally> {
  const folder = path.join(root, home, '.cache', 'readme')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  try {
    const files = blocks.map(block => writeBlock(folder, block))
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
    const types = await execNode([tsc, '-p', folder, '--pretty', 'false'])
    log(types.output)
    const tallies = [
      verdict(`types of the examples in ${home}`, types.code === 0 ? undefined : briefly(types.output)),
    ]
    for (const [index, block] of blocks.entries()) {
      if (block.runs) tallies.push(await runBlock(files[index]!, block, log))
    }
    return sum(tallies)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As many lines above the code as in the Markdown file, so that a compiler's line is the file's. */
function writeBlock(folder: string, { file, line, code }: Block): string {
  const name = `${file.replace(/[^A-Za-z0-9]+/g, '-')}-${line}.ts`
  writeFileSync(path.join(folder, name), `${'\n'.repeat(line)}${code}\nexport {}\n`)
  return path.join(folder, name)
}

async function runBlock(file: string, block: Block, log: (text: string) => void): Promise<Tally> {
  const name = `${block.file}:${block.line}`
  const cwd = mkdtempSync(path.join(tmpdir(), 'neurovoyance-readme-'))
  try {
    const { code, output } = await execNode([file], { cwd, timeoutMs: timeLimitMs })
    if (code !== 0) log(`${name}\n${output}`)
    return verdict(name, code === 0 ? undefined : briefly(output))
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

const tsconfig = {
  extends: path.join(root, 'tsconfig.base.json'),
  compilerOptions: { noEmit: true, typeRoots: [path.join(root, 'node_modules', '@types')] },
  include: ['*.ts'],
}
