import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Files by path, in a new folder that goes when the test ends. */
export async function folderOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'neurovoyance-onnx-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  return dir
}
