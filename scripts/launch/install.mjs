// @ts-check
import { existsSync, lstatSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { runChild } from './child.mjs'
import { withLock } from './lock.mjs'
import { SetupError, say } from './say.mjs'
import { contentStamp, readStamp, writeStamp } from './stamp.mjs'
import { packageDirs, root, workspaceNode } from './workspace.mjs'

const stampFile = path.join(root, 'node_modules', '.neurovoyance-stamp')
const lockFile = path.join(root, '.cache', 'install.lock')

/** How a registry that cannot be reached shows in pnpm's and npm's output. */
const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network request/

/**
 * Installs the workspace where its lock file or a package.json changed since the last time.
 *
 * @throws SetupError
 */
export async function ensureInstalled() {
  if (!isInstalled()) {
    await withLock(lockFile, async () => {
      if (!isInstalled()) await install()
    })
  }
  linkNode()
}

/**
 * Puts the workspace's Node itself in place of pnpm's shell script around it: npm runs the next command
 * through it, and a signal that ends the script would leave Node running.
 */
function linkNode() {
  const link = path.join(root, 'node_modules', '.bin', 'node')
  if (process.platform === 'win32' || lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return
  const fresh = `${link}.${process.pid}`
  symlinkSync(path.relative(path.dirname(link), workspaceNode), fresh)
  renameSync(fresh, link)
}

function isInstalled() {
  return existsSync(workspaceNode) && readStamp(stampFile) === installStamp()
}

function installStamp() {
  const manifests = packageDirs().map(dir => path.join(dir, 'package.json'))
  return contentStamp(root, ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests])
}

async function install() {
  const first = !existsSync(workspaceNode)
  const { packageManager, devDependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  )
  say(
    first
      ? 'Installing the workspace (the first time takes a few minutes) …'
      : 'Installing what changed in the workspace …',
  )
  let tail = ''
  const code = await runNpx(
    [
      '--yes',
      // npm's warnings are of this machine's settings, and pnpm would take this for its own level
      '--loglevel=error',
      packageManager,
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
      '--loglevel=info',
      '--config.update-notifier=false',
      '--config.confirm-modules-purge=false',
      // What packages ask of Node is asked of the workspace's, not of the one that installs.
      `--config.node-version=${devDependencies.node}`,
    ],
    chunk => {
      process.stderr.write(chunk)
      tail = (tail + chunk).slice(-8192)
    },
  )
  if (code !== 0) throw new SetupError(installFailure(code, tail), code)
  writeStamp(stampFile, installStamp())
}

/**
 * @param {number} code
 * @param {string} tail  the end of what the installer said
 */
export function installFailure(code, tail) {
  if (unreachable.test(tail)) {
    return 'Install failed: the package registry cannot be reached. Connect to the network (or set `npm config set registry URL`) and run this again.'
  }
  if (tail.includes('ERR_PNPM_OUTDATED_LOCKFILE')) {
    return 'Install failed: pnpm-lock.yaml does not fit a package.json. Run `npx pnpm install` and commit the lock file.'
  }
  if (/ENOSPC/.test(tail)) return 'Install failed: the disk is full. Free about 3 GB and run this again.'
  return `Install failed with exit code ${code}; the lines above say why.`
}

/**
 * npx of the npm that runs us, or of the PATH where something else does.
 *
 * @param {string[]} args
 * @param {(chunk: string) => void} onOutput
 */
async function runNpx(args, onOutput) {
  const npm = process.env.npm_execpath
  const npx = npm?.endsWith('npm-cli.js') ? path.join(path.dirname(npm), 'npx-cli.js') : undefined
  const [file, ...first] = npx !== undefined && existsSync(npx) ? [process.execPath, npx] : ['npx']
  // `npm run -s` would silence pnpm as well, and then nobody learns why an install fails.
  const { npm_config_loglevel: _, ...env } = process.env
  try {
    return await runChild(file, [...first, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      onOutput,
    })
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error
    throw new SetupError(
      'Install failed: npx was not found. It comes with npm; install Node from https://nodejs.org',
    )
  }
}
