import { constants } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MANIFEST_FILE } from '@neurovoyance/onnx'
import { checkBundle, describeBundle, writeManifest } from '@neurovoyance/onnx/node'
import { type ChosenFiles, chooseBundleFiles } from './bundle-files.js'
import type { InstalledModel } from './model-store.js'

/** A folder that is ready to be stored as an artifact; removed when disposed of. */
export interface StagedBundle extends ChosenFiles, AsyncDisposable {
  readonly path: string
}

/** What a bundle is staged with. */
export interface StageOptions {
  /** Folder for temporary copies. */
  staging: string
  /** Name for people; the bundle's own, or that of its folder or file, when left out. */
  name?: string | undefined
  /** Files and folders of the model's folder that are published beside what belongs to the model. */
  include?: readonly string[] | undefined
  signal?: AbortSignal | undefined
  onProgress?: (progress: { doneBytes: number; totalBytes: number }) => void
}

/**
 * Checks a model (a folder or a single .onnx file) and lays out what of it belongs into its bundle, with a manifest.
 *
 * @throws OnnxError for a model that is not safe to load; NodeError `NODE_USAGE` where `include` names nothing
 */
export async function stageBundle(
  path: string,
  { staging, name, include, signal, onProgress }: StageOptions,
): Promise<StagedBundle> {
  const report = await checkBundle(path)
  const { files, leftOut } = await chooseBundleFiles(path, report, include)
  const manifest = await describeBundle(path, {
    ...(name !== undefined && { name }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  await mkdir(staging, { recursive: true })
  const folder = await mkdtemp(join(staging, 'bundle-'))
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    for (const file of files) await copyInto(folder, report.dir, file)
    await writeManifest(folder, manifest)
    return { path: folder, files: [...files, MANIFEST_FILE], leftOut, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** A stored bundle, checked as a node does before it loads anything of it. */
export async function inspectBundle(
  path: string,
  known: { model: string; pinned: boolean },
): Promise<InstalledModel> {
  const report = await checkBundle(path)
  return {
    model: known.model,
    name: report.name,
    bytes: report.bytes,
    pinned: known.pinned,
    defaultGraph: report.default,
    graphs: report.models.map(({ name, path, file, inputs, outputs }) => ({
      name,
      file: path,
      key: `${known.model}/${path}`,
      path: file,
      inputs,
      outputs,
    })),
  }
}

/** A copy that shares the disk's blocks where the file system can: later edits of the original do not reach it. */
async function copyInto(folder: string, from: string, file: string): Promise<void> {
  const target = join(folder, file)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(join(from, file), target, constants.COPYFILE_FICLONE)
}
