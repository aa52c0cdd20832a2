import { readFileSync } from 'node:fs'
import path from 'node:path'
import { packageDirs, root } from '../launch/workspace.mjs'

/** A package of the workspace. */
export interface Package {
  name: string
  /** Relative to the checkout. */
  dir: string
  manifest: Manifest
}

/** What the checks read of a package.json. */
export interface Manifest {
  name: string
  version: string
  private?: boolean
  bin?: Record<string, string>
  engines?: Record<string, string>
  exports?: Record<string, unknown>
  scripts?: Record<string, string>
}

/** Every package of the workspace. */
export function workspacePackages(from: string = root): Package[] {
  return packageDirs(from).map(dir => {
    const manifest = JSON.parse(readFileSync(path.join(from, dir, 'package.json'), 'utf8')) as Manifest
    return { name: manifest.name, dir, manifest }
  })
}

/** Those that are published. */
export function publishedPackages(from: string = root): Package[] {
  return workspacePackages(from).filter(({ manifest }) => manifest.private !== true)
}

/** What a program imports a package's parts by: `@neurovoyance/p2p`, `@neurovoyance/p2p/node`, … */
export function importPaths({ name, manifest }: Package): string[] {
  return Object.keys(manifest.exports ?? {})
    .filter(subpath => !subpath.endsWith('.json'))
    .map(subpath => (subpath === '.' ? name : `${name}/${subpath.slice(2)}`))
}
