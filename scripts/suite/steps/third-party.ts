import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../../launch/workspace.mjs'
import { builtHash, cached, hashOf } from '../cache.ts'
import { type Ended, exec, execNode } from '../exec.ts'
import { importPaths } from '../packages.ts'
import { type Packed, packAll } from '../packed.ts'
import type { Step } from '../step.ts'
import { briefly, sum, type Tally, verdict } from '../tally.ts'
import { browserPrograms, importsProgram, nodePrograms } from '../third-party-programs.ts'

const installLimitMs = 10 * 60_000
const runLimitMs = 120_000

export const thirdParty: Step = {
  name: 'third-party',
  group: 'test',
  what: 'the packed packages, installed by npm outside the workspace: they import, run models, make a hive, have types, and bundle for a browser',
  run(log) {
    const key = hashOf([
      builtHash(),
      readFileSync(import.meta.filename),
      JSON.stringify(nodePrograms),
      JSON.stringify(browserPrograms),
    ])
    return cached('third-party', key, log, async () => {
      const packed = await packAll()
      const broken = packed.filter(({ failure }) => failure !== undefined)
      if (broken.length === 0) return inFolder(folder => check(folder, packed, log))
      return verdict('third-party', `not packed: ${broken.map(({ package: { name } }) => name).join(', ')}`)
    })
  },
}

async function inFolder(work: (folder: string) => Promise<Tally>): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), 'neurovoyance-third-party-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function check(folder: string, packed: readonly Packed[], log: (text: string) => void): Promise<Tally> {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest(packed), null, 2))
  // onnxruntime-node's script downloads CUDA; nothing else of ours needs a script.
  const install = await exec(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: folder,
      timeoutMs: installLimitMs,
    },
  )
  const installed = judge('npm install of the packed packages', install, log)
  if (installed.failed.length > 0) return installed

  const paths = packed.flatMap(({ package: found }) => importPaths(found))
  const onNode = paths.filter(specifier => !browserOnly.test(specifier))
  writeFileSync(path.join(folder, 'types.ts'), importsProgram(paths))
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))

  const tallies = [installed]
  for (const specifier of onNode) {
    const args = ['--input-type=module', '--eval', importsProgram([specifier])]
    tallies.push(
      judge(`import ${specifier}`, await execNode(args, { cwd: folder, timeoutMs: runLimitMs }), log),
    )
  }
  for (const [name, program] of Object.entries(nodePrograms)) {
    writeFileSync(path.join(folder, 'program.mjs'), program)
    tallies.push(judge(name, await execNode(['program.mjs'], { cwd: folder, timeoutMs: runLimitMs }), log))
  }
  tallies.push(
    judge(
      'nv --version',
      await execNode(['node_modules/@neurovoyance/node/bin/nv.js', '--version'], {
        cwd: folder,
        timeoutMs: runLimitMs,
      }),
      log,
    ),
  )
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  tallies.push(judge('types', await execNode([tsc, '-p', '.'], { cwd: folder }), log))
  for (const [name, program] of Object.entries(browserPrograms)) {
    writeFileSync(path.join(folder, `${name}.browser.mjs`), program)
    tallies.push(judge(`bundle of ${name} for a browser`, await bundle(folder, `${name}.browser.mjs`), log))
  }
  return sum(tallies)
}

/** Packages' parts that need a browser to be imported. */
const browserOnly = /\/(?:browser|web)$/

function bundle(folder: string, entry: string): Promise<Ended> {
  const esbuild = path.join(root, 'node_modules', 'esbuild', 'bin', 'esbuild')
  const args = [
    entry,
    '--bundle',
    '--format=esm',
    '--platform=browser',
    '--target=es2022',
    '--minify',
    '--outdir=out',
    '--log-level=warning',
  ]
  return exec(esbuild, args, { cwd: folder, timeoutMs: runLimitMs })
}

function judge(name: string, { code, output }: Ended, log: (text: string) => void): Tally {
  if (code !== 0) log(`${name}\n${output}\n`)
  return verdict(name, code === 0 ? undefined : briefly(output))
}

function manifest(packed: readonly Packed[]): object {
  return {
    name: 'third-party',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(
      packed.map(({ package: { name }, tarball }) => [name, `file:${tarball}`]),
    ),
  }
}

const tsconfig = {
  compilerOptions: {
    noEmit: true,
    strict: true,
    target: 'ES2023',
    module: 'NodeNext',
    lib: ['ES2023', 'DOM'],
    skipLibCheck: true,
    types: [],
  },
  files: ['types.ts'],
}
