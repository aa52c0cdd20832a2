import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, posix } from 'node:path'
import { type BundleLayout, type FoundModel, findLayout, findModel } from '../bundle/layout.js'
import { type BundleManifest, decodeManifest, MANIFEST_FILE } from '../bundle/manifest.js'
import { DEFAULT_POLICY, type ModelPolicy } from '../check/policy.js'
import { OnnxError } from '../errors.js'
import type { OnnxModel } from '../model/model.js'
import { openModel } from '../model/open-model.js'
import { type BundleFile, listFolder, resolveFile } from './bundle-folder.js'
import { type FileSource, fileSource } from './file-source.js'

/** A bundle on this machine, with the files that were opened through it. */
export interface Bundle extends AsyncDisposable {
  /** The folder, absolute, symbolic links resolved. */
  readonly dir: string
  /** Name for people: the manifest's, or that of the folder or file. */
  readonly name: string
  /** The manifest, where the folder has one. */
  readonly manifest: BundleManifest | undefined
  readonly models: readonly FoundModel[]
  /** Name of the model that is meant where none is named. */
  readonly default: string
  /** The file of a model, by its name or path; the default's where neither is given. */
  modelFile(wanted?: string): Promise<BundleFile>
  /** A file of the bundle by its path. */
  file(path: string): Promise<BundleFile>
  /** Opens a model by its name or path, or the default. It reads from its files until the bundle is closed. */
  openModel(wanted?: string): Promise<OnnxModel>
  /** Closes every file that was opened through this bundle. */
  close(): Promise<void>
}

/**
 * Opens a bundle: a folder with `neurovoyance.json`, a folder in the Hugging Face ONNX layout, any folder
 * with `.onnx` files, or a single `.onnx` file. Nothing is checked yet but that paths stay inside:
 * {@link checkBundle} does that.
 *
 * @throws OnnxError `ONNX_BUNDLE_NOT_FOUND`, `ONNX_MANIFEST_INVALID`, `ONNX_PATH_ESCAPES` or
 * `ONNX_LIMIT_EXCEEDED`.
 */
export async function openBundle(path: string, policy: Partial<ModelPolicy> = {}): Promise<Bundle> {
  const rules = { ...DEFAULT_POLICY, ...policy }
  const { dir, name, manifest, layout } = await locate(path, rules)
  if (layout.models.length > rules.maxModels) {
    throw new OnnxError(
      'ONNX_LIMIT_EXCEEDED',
      `${layout.models.length} models: the limit is ${rules.maxModels}`,
      {
        details: { limit: 'maxModels', max: rules.maxModels, actual: layout.models.length },
      },
    )
  }
  const opened = new Map<string, Promise<FileSource>>()
  const source = (file: string) => {
    const known = opened.get(file) ?? fileSource(file)
    opened.set(file, known)
    return known
  }
  const close = async () => {
    const sources = await Promise.allSettled(opened.values())
    opened.clear()
    await Promise.all(sources.map(each => (each.status === 'fulfilled' ? each.value.close() : undefined)))
  }
  return {
    dir,
    name,
    manifest,
    models: layout.models,
    default: layout.default,
    modelFile: async wanted => resolveFile(dir, findModel(layout, wanted).path),
    file: wanted => resolveFile(dir, wanted),
    async openModel(wanted) {
      const model = await resolveFile(dir, findModel(layout, wanted).path)
      return openModel(await source(model.file), {
        name: model.path,
        limits: rules,
        externalData: async data => source((await resolveFile(dir, besideModel(model.path, data))).file),
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The path in the bundle of a file that a model names relative to itself. */
export function besideModel(modelPath: string, path: string): string {
  const folder = posix.dirname(modelPath)
  return folder === '.' ? path : `${folder}/${path}`
}

interface Located {
  readonly dir: string
  readonly name: string
  readonly manifest: BundleManifest | undefined
  readonly layout: BundleLayout
}

async function locate(path: string, policy: ModelPolicy): Promise<Located> {
  const facts = await stat(path).catch(cause => {
    throw new OnnxError('ONNX_BUNDLE_NOT_FOUND', `${path} does not exist`, { details: { path }, cause })
  })
  if (!facts.isDirectory()) return singleFile(await realpath(dirname(path)), basename(path))
  const found = await realpath(path)
  const paths = await listFolder(found, policy)
  if (!paths.includes(MANIFEST_FILE)) {
    return { dir: found, name: basename(found), manifest: undefined, layout: findLayout(paths) }
  }
  const manifest = decodeManifest(await readFile((await resolveFile(found, MANIFEST_FILE)).file))
  return { dir: found, name: manifest.name, manifest, layout: manifest }
}

/** A file alone is a bundle of its folder, of which only it and its external data are looked at. */
function singleFile(dir: string, file: string): Located {
  const name = basename(file, '.onnx')
  return { dir, name, manifest: undefined, layout: { models: [{ name, path: file }], default: name } }
}
