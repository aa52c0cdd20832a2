// @ts-check
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The Node that the workspace runs on, itself a development dependency: a path, there after install. */
export const workspaceNode = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

/** Folders whose children are packages, as pnpm-workspace.yaml names them. */
const packageFolders = ['packages', 'apps', 'examples']

/**
 * Every package's folder, relative to `from`, sorted.
 *
 * @param {string} [from]
 * @returns {string[]}
 */
export function packageDirs(from = root) {
  return packageFolders
    .filter(folder => existsSync(path.join(from, folder)))
    .flatMap(folder => readdirSync(path.join(from, folder)).map(name => path.join(folder, name)))
    .filter(dir => existsSync(path.join(from, dir, 'package.json')))
    .sort()
}
