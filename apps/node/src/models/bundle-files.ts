import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST_FILE } from '@neurovoyance/onnx'
import type { BundleReport } from '@neurovoyance/onnx/node'
import { NodeError } from '../errors.js'
import { isCompanion, isWithin } from './companions.js'

/** Which files of a folder are published as its bundle; paths relative to it, forward slashes. */
export interface ChosenFiles {
  readonly files: readonly string[]
  /** What stays behind; a folder of which nothing is published is named once, with a slash at its end. */
  readonly leftOut: readonly string[]
}

/**
 * Chooses what of a model's folder goes into the bundle: the models, their external data, what belongs to them, and
 * what `include` names, files or folders. A single `.onnx` file is taken with its external data alone.
 *
 * Names that begin with a dot and symbolic links are never taken, and whatever else is not named stays: what is
 * published is everybody's.
 *
 * @throws NodeError `NODE_USAGE` where `include` names nothing that can be taken
 */
export async function chooseBundleFiles(
  path: string,
  report: BundleReport,
  include: readonly string[] = [],
): Promise<ChosenFiles> {
  const needed = report.models.flatMap(model => [model.path, ...model.externalData.map(({ path }) => path)])
  const isFolder = (await stat(path)).isDirectory()
  const { plain, hidden } = isFolder ? await listFiles(report.dir) : { plain: [], hidden: [] }
  const models = report.models.map(model => model.path)
  const chosen = new Set(needed)
  for (const file of plain) if (isCompanion(file, models)) chosen.add(file.path)
  for (const name of include.map(withoutSlash)) {
    const named = plain.filter(({ path }) => path === name || isWithin(path, name))
    if (named.length === 0) throw nothingToInclude(name)
    for (const { path } of named) chosen.add(path)
  }
  chosen.delete(MANIFEST_FILE)
  const files = [...chosen].sort()
  const rest = plain.map(file => file.path).filter(path => !chosen.has(path) && path !== MANIFEST_FILE)
  return { files, leftOut: [...new Set([...rest.map(path => folded(path, files)), ...hidden])].sort() }
}

interface Listed {
  readonly plain: readonly { readonly path: string; readonly bytes: number }[]
  /** Dot files, dot folders and what is no file: never taken. */
  readonly hidden: readonly string[]
}

/** What a folder holds; its size has been checked by then. */
async function listFiles(root: string): Promise<Listed> {
  const plain: { path: string; bytes: number }[] = []
  const hidden: string[] = []
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.name.startsWith('.')) hidden.push(entry.isDirectory() ? `${path}/` : path)
      else if (entry.isDirectory()) await visit(path)
      else if (entry.isFile()) plain.push({ path, bytes: (await stat(join(root, path))).size })
      else hidden.push(path)
    }
  }
  await visit('')
  return { plain, hidden }
}

/** The highest folder above a file of which nothing is published, else the file. */
function folded(path: string, published: readonly string[]): string {
  const parts = path.split('/')
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/')
    if (!published.some(file => isWithin(file, folder))) return `${folder}/`
  }
  return path
}

function withoutSlash(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '')
}

function nothingToInclude(path: string): NodeError {
  return new NodeError(
    'NODE_USAGE',
    `There is no file '${path}' in the model's folder that could be published: name a file or folder in it that is neither hidden nor a link.`,
    { details: { include: path } },
  )
}
