// @ts-check
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { runChild } from './child.mjs'
import { withLock } from './lock.mjs'
import { SetupError, say } from './say.mjs'
import { readStamp, statStamp, writeStamp } from './stamp.mjs'
import { packageDirs, root } from './workspace.mjs'

const stampFile = path.join(root, 'node_modules', '.neurovoyance-build')
const lockFile = path.join(root, '.cache', 'build.lock')
const sourceFolders = ['src', 'proto']
const turboProgram = path.join(root, 'node_modules', 'turbo', 'bin', 'turbo')
const turboArgs = ['run', 'build', '--log-order=grouped', '--ui=stream']

/**
 * Builds packages where a source changed since the last time. Turbo decides what to build
 * and takes from its cache what was built before; where no file was touched, Turbo is not asked.
 *
 * @throws SetupError
 */
export async function ensureBuilt() {
  if (isBuilt()) return
  await withLock(lockFile, async () => {
    if (!isBuilt()) await build()
  })
}

function isBuilt() {
  const dirs = builtDirs()
  return (
    dirs.every(dir => existsSync(path.join(root, dir, 'dist'))) && readStamp(stampFile) === buildStamp(dirs)
  )
}

/** Folders of the packages that have something to build. */
function builtDirs() {
  return packageDirs().filter(dir => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, dir, 'package.json'), 'utf8'))
    return scripts?.build !== undefined
  })
}

/** @param {string[]} dirs */
function buildStamp(dirs) {
  return statStamp(root, ['tsconfig.base.json', ...dirs.flatMap(buildInputs)])
}

/**
 * What turbo.json names as the inputs of `build`.
 *
 * @param {string} dir
 */
function buildInputs(dir) {
  const configs = readdirSync(path.join(root, dir)).filter(name =>
    /^(package|tsconfig.*)\.json$|^tsup\.config\.ts$/.test(name),
  )
  const sources = sourceFolders
    .map(folder => path.join(dir, folder))
    .filter(folder => existsSync(path.join(root, folder)))
    .flatMap(folder =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(name =>
        path.join(folder, name),
      ),
    )
    .filter(file => statSync(path.join(root, file)).isFile())
  return [...configs.map(name => path.join(dir, name)), ...sources].sort()
}

async function build() {
  const dirs = builtDirs()
  const stamp = buildStamp(dirs)
  say(`Building ${dirs.length} packages …`)
  let output = ''
  const code = await runChild(process.execPath, [turboProgram, ...turboArgs], {
    cwd: root,
    env: buildEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    onOutput: chunk => {
      output += chunk
      for (const line of startedTasks(chunk)) say(line)
    },
  })
  if (code !== 0)
    throw new SetupError(`${failedTasks(output)}\nThe build failed; the lines above say why.`, code)
  writeStamp(stampFile, stamp)
}

/**
 * A line for every package that Turbo says it begins with.
 *
 * @param {string} output
 */
export function startedTasks(output) {
  return [...output.matchAll(/^(\S+):build: cache (hit|miss)/gm)].map(
    ([, name, cache]) => `  ${name?.replace('@neurovoyance/', '')}${cache === 'hit' ? ' (from cache)' : ''}`,
  )
}

/**
 * What the failed tasks printed; all output where Turbo itself failed.
 *
 * @param {string} output
 */
export function failedTasks(output) {
  const failed = [...output.matchAll(/^\s*Failed:\s+(.+)$/gm)].flatMap(([, tasks = '']) => tasks.split(', '))
  const prefixes = failed.map(task => `${task.trim().replace('#', ':')}: `)
  const lines = output.split('\n').filter(line => prefixes.some(prefix => line.startsWith(prefix)))
  return lines.length === 0 ? output.trim() : lines.join('\n')
}

/** The workspace's programs first on PATH, and nothing of ours sent anywhere. */
export function buildEnvironment() {
  const bin = path.join(root, 'node_modules', '.bin')
  return {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
  }
}
