import type { FoundModel } from '../bundle/layout.js'
import type { BundleManifest, ManifestFile } from '../bundle/manifest.js'
import { checkModel, type ModelFacts } from '../check/check-model.js'
import { DEFAULT_POLICY, type ModelPolicy } from '../check/policy.js'
import { nameFile, OnnxError } from '../errors.js'
import { type ModelSignature, modelSignature } from '../signature.js'
import { type Bundle, besideModel, openBundle } from './bundle.js'

/** A model of a bundle that was found safe to load. */
export interface ModelReport extends ModelSignature {
  readonly name: string
  /** The `.onnx` file, relative to the bundle. */
  readonly path: string
  /** The `.onnx` file, absolute, symbolic links resolved. */
  readonly file: string
  /** Operators, functions expanded. */
  readonly nodes: number
  readonly weightBytes: number
  /** Bytes of the model's files: its `.onnx` file and its external data. */
  readonly bytes: number
  /** Files with its weights, paths relative to the bundle. */
  readonly externalData: readonly ManifestFile[]
}

/** A bundle that was found safe to load. */
export interface BundleReport {
  readonly dir: string
  readonly name: string
  readonly default: string
  readonly models: readonly ModelReport[]
  /** Bytes of all files of its models, shared ones counted once. */
  readonly bytes: number
}

/**
 * The check that every node runs before it loads anything of a bundle: every path stays inside, every model
 * asks for nothing but computing within the policy's limits, external data is all there, and a manifest says
 * what the files say. It reads graphs, no weights, and does not compute canonical ids.
 *
 * @param path a folder or a single `.onnx` file
 * @throws OnnxError with the code of the first thing that is wrong; `details.file` names the model's file.
 */
export async function checkBundle(path: string, policy: Partial<ModelPolicy> = {}): Promise<BundleReport> {
  const rules = { ...DEFAULT_POLICY, ...policy }
  await using bundle = await openBundle(path, rules)
  const models: ModelReport[] = []
  for (const found of bundle.models) models.push(await checkOne(bundle, found, rules))
  if (bundle.manifest !== undefined) compareManifest(bundle.manifest, models)
  return {
    dir: bundle.dir,
    name: bundle.name,
    default: bundle.default,
    models,
    bytes: distinctBytes(models),
  }
}

async function checkOne(bundle: Bundle, found: FoundModel, policy: ModelPolicy): Promise<ModelReport> {
  const { file, bytes, path } = await bundle.modelFile(found.name)
  try {
    const model = await bundle.openModel(found.name)
    const facts = checkModel(model, policy)
    const externalData = await findExternalData(bundle, path, facts)
    return {
      name: found.name,
      path,
      file,
      ...modelSignature(model),
      nodes: facts.nodes,
      weightBytes: facts.weightBytes,
      externalData,
      bytes: externalData.reduce((total, each) => total + each.bytes, bytes),
    }
  } catch (error) {
    throw nameFile(error, path)
  }
}

async function findExternalData(
  bundle: Bundle,
  modelPath: string,
  facts: ModelFacts,
): Promise<readonly ManifestFile[]> {
  const found: ManifestFile[] = []
  for (const { path, minBytes } of facts.externalFiles) {
    const data = await bundle.file(besideModel(modelPath, path)).catch(error => {
      if ((error as OnnxError).code !== 'ONNX_READ_FAILED') throw error
      throw new OnnxError(
        'ONNX_EXTERNAL_DATA',
        `its weights lie in '${path}', which is not there: put that file beside it`,
        { details: { path }, cause: error },
      )
    })
    if (data.bytes < minBytes) {
      throw new OnnxError(
        'ONNX_EXTERNAL_DATA',
        `its weights reach to byte ${minBytes} of '${path}', which has ${data.bytes}: ` +
          'the file was cut off or belongs to another model',
        { details: { path, minBytes, bytes: data.bytes } },
      )
    }
    found.push({ path: data.path, bytes: data.bytes })
  }
  return found
}

/** A manifest that says something else than the files would make every node tell its clients so. */
function compareManifest(manifest: BundleManifest, models: readonly ModelReport[]): void {
  for (const [index, stated] of manifest.models.entries()) {
    const { inputs, outputs, externalData } = models[index]!
    const [says, is] = [stated, { inputs, outputs, externalData }].map(each =>
      JSON.stringify([each.inputs, each.outputs, each.externalData].map(list => list.map(sortedEntries))),
    )
    if (says === is) continue
    throw new OnnxError(
      'ONNX_MANIFEST_INVALID',
      `the manifest does not describe '${stated.path}' as it is: write it again`,
      { details: { model: stated.name, path: stated.path } },
    )
  }
}

function sortedEntries(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
}

function distinctBytes(models: readonly ModelReport[]): number {
  const sizes = new Map<string, number>()
  for (const { path, bytes, externalData } of models) {
    const outside = externalData.reduce((total, each) => total + each.bytes, 0)
    sizes.set(path, bytes - outside)
    for (const each of externalData) sizes.set(each.path, each.bytes)
  }
  return [...sizes.values()].reduce((total, bytes) => total + bytes, 0)
}
