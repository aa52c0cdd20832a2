import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { confinedPath } from '../check/paths.js'
import type { ModelPolicy } from '../check/policy.js'
import { OnnxError } from '../errors.js'
import { limitExceeded } from '../wire/rejection.js'

/** A file of a bundle: where it really is. */
export interface BundleFile {
  /** Relative to the bundle, forward slashes. */
  readonly path: string
  /** Absolute, symbolic links resolved. */
  readonly file: string
  readonly bytes: number
}

/** Every file of a folder, sorted by path. Names that begin with a dot are no part of a bundle. */
export async function listFolder(root: string, policy: ModelPolicy): Promise<readonly string[]> {
  const paths: string[] = []
  let seen = 0
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > policy.maxFolderDepth) {
      throw limitExceeded('levels of folders', 'maxFolderDepth', policy.maxFolderDepth)
    }
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue
      if (++seen > policy.maxFiles) throw limitExceeded('files', 'maxFiles', policy.maxFiles)
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) await visit(path, depth + 1)
      else paths.push(path)
    }
  }
  await visit('', 1)
  return paths.sort()
}

/**
 * The file at a path of a bundle.
 *
 * @throws OnnxError `ONNX_PATH_ESCAPES` where the path, or a symbolic link on it, leads out of `root` or to
 * something that is no file; `ONNX_READ_FAILED` where there is nothing.
 */
export async function resolveFile(root: string, path: string): Promise<BundleFile> {
  const confined = confinedPath(path)
  const named = join(root, ...confined.split('/'))
  const file = await realpath(named).catch(async cause => {
    const dangling = await lstat(named).then(
      () => true,
      () => false,
    )
    const why = dangling ? 'is a symbolic link to nothing' : 'does not exist'
    throw new OnnxError('ONNX_READ_FAILED', `'${confined}' ${why}`, { details: { path: confined }, cause })
  })
  const inside = relative(root, file)
  if (inside === '..' || inside.startsWith(`..${sep}`) || inside === '' || join(root, inside) !== file) {
    throw escapes(confined, 'is a symbolic link that leads out of the bundle: put the file itself there')
  }
  const facts = await stat(file)
  if (!facts.isFile()) throw escapes(confined, 'is no regular file')
  return { path: confined, file, bytes: facts.size }
}

function escapes(path: string, why: string): OnnxError {
  return new OnnxError('ONNX_PATH_ESCAPES', `'${path}' ${why}`, { details: { path } })
}
