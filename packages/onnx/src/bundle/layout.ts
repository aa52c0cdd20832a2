import { OnnxError } from '../errors.js'

/** A model found in a folder. */
export interface FoundModel {
  readonly name: string
  readonly path: string
}

/** What a folder without a manifest holds. */
export interface BundleLayout {
  /** Sorted by name. */
  readonly models: readonly FoundModel[]
  readonly default: string
}

/**
 * Finds the models of a folder in the Hugging Face ONNX layout, or in any other: every `.onnx` file is one.
 *
 * Its name is its path without `.onnx` and without a leading `onnx/`: `onnx/model_q4.onnx` is `model_q4`. The
 * default is `model` where there is one, else the first by name.
 *
 * @throws OnnxError `ONNX_BUNDLE_NOT_FOUND` where there is no `.onnx` file.
 */
export function findLayout(paths: readonly string[]): BundleLayout {
  const files = paths.filter(path => path.toLowerCase().endsWith('.onnx'))
  const short = files.map(path => stem(path).replace(/^onnx\//, ''))
  const names = new Set(short).size === files.length ? short : files.map(stem)
  const models = files
    .map((path, index) => ({ name: names[index]!, path }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const first = models[0]
  if (first === undefined) {
    throw new OnnxError(
      'ONNX_BUNDLE_NOT_FOUND',
      "no .onnx file there: a bundle holds at least one, best under 'onnx/'",
    )
  }
  return { models, default: models.find(({ name }) => name === 'model')?.name ?? first.name }
}

/**
 * A model of a bundle by its name or its path; the default where neither is given. Works on a layout, a
 * manifest, an open bundle and a report alike.
 *
 * @throws OnnxError `ONNX_MODEL_UNKNOWN`
 */
export function findModel<Model extends FoundModel>(
  bundle: { readonly models: readonly Model[]; readonly default: string },
  wanted: string = bundle.default,
): Model {
  const byName = bundle.models.find(({ name }) => name === wanted)
  const model = byName ?? bundle.models.find(({ path }) => path === wanted)
  if (model !== undefined) return model
  const names = bundle.models.map(({ name }) => `'${name}'`).join(', ')
  throw new OnnxError('ONNX_MODEL_UNKNOWN', `the bundle has no model '${wanted}'; it has ${names}`, {
    details: { model: wanted },
  })
}

function stem(path: string): string {
  return path.slice(0, -'.onnx'.length)
}
