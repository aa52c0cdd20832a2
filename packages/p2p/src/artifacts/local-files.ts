import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { P2pError } from '../errors.js'
import type { ArtifactLimits } from './limits.js'
import { assertDistinct } from './unixfs/read.js'

/** One file of a folder on this disk. */
export interface LocalFile {
  name: string
  /** Where it is on this disk. */
  source: string
  bytes: number
}

/** A folder on this disk, with everything below it. */
export interface LocalFolder {
  name: string
  entries: (LocalFile | LocalFolder)[]
}

/** Whether an entry is a folder. */
export function isFolder(entry: LocalFile | LocalFolder): entry is LocalFolder {
  return 'entries' in entry
}

/**
 * Lists a file or folder, links followed (the cache of the Hugging Face hub is made of them). Of a folder, names that
 * begin with a dot are left out: `.git` and `.env` are not meant for the network.
 *
 * @throws P2pError `P2P_ARTIFACT_UNSUPPORTED` for sockets, devices and names that others could not store,
 * `P2P_LIMIT_EXCEEDED`
 */
export async function listLocal(path: string, limits: ArtifactLimits): Promise<LocalFile | LocalFolder> {
  let files = 0
  let bytes = 0

  async function visit(source: string, name: string, depth: number): Promise<LocalFile | LocalFolder> {
    const found = await stat(source)
    if (found.isFile()) {
      files++
      bytes += found.size
      if (files > limits.files) throw exceeded('files', files)
      if (bytes > limits.artifactBytes) throw exceeded('artifactBytes', bytes)
      return { name, source, bytes: found.size }
    }
    if (!found.isDirectory()) {
      throw new P2pError('P2P_ARTIFACT_UNSUPPORTED', `${source} is neither a file nor a folder.`, {
        details: { path: source },
      })
    }
    if (depth >= limits.folderDepth) throw exceeded('folderDepth', depth + 1)
    const names = (await readdir(source)).filter(entry => !entry.startsWith('.'))
    if (names.length > limits.folderEntries) throw exceeded('folderEntries', names.length)
    assertDistinct(source, names)
    const entries: (LocalFile | LocalFolder)[] = []
    for (const entry of names.sort()) entries.push(await visit(join(source, entry), entry, depth + 1))
    return { name, entries }
  }

  function exceeded(limit: keyof ArtifactLimits, value: number): P2pError {
    return new P2pError('P2P_LIMIT_EXCEEDED', `${path} has more ${limit} than ${limits[limit]}.`, {
      details: { path, limit, max: limits[limit], value },
    })
  }

  try {
    return await visit(path, '', 0)
  } catch (cause) {
    if (cause instanceof P2pError) throw cause
    throw new P2pError('P2P_ARTIFACT_NOT_FOUND', `${path} cannot be read: is it there?`, {
      details: { path },
      cause,
    })
  }
}
