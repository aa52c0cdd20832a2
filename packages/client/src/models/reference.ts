import { canonicalCid } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'

/**
 * Which model to run, as text:
 *
 * - `<cid>`: the bundle with this CID, which has one ONNX file (or one called `model.onnx`);
 * - `<cid>/<file>`: one of the bundle's ONNX files, by path (`onnx/det.onnx`) or name without `.onnx` (`det`);
 * - `<name>` or `<name>/<file>`: the bundle that nodes offer under this name.
 *
 * Names are labels that any node can give: a CID is what makes sure which model runs.
 */
export type ModelReference = string

/** A bundle and one of its ONNX files. */
export interface ModelFile {
  /** The bundle's CID. */
  readonly model: string
  /** Path or name of the ONNX file; empty for the bundle's only one. */
  readonly file: string
}

/** What a reference names by itself, without asking the market. */
export type ParsedReference = ({ kind: 'cid' } & ModelFile) | { kind: 'name'; text: string }

/**
 * Reads a model reference.
 *
 * @throws ClientError `CLIENT_INVALID_ARGUMENT` where it is empty
 */
export function parseReference(reference: ModelReference): ParsedReference {
  if (typeof reference !== 'string' || reference === '') {
    throw new ClientError(
      'CLIENT_INVALID_ARGUMENT',
      'a model is named by its CID or by a name that nodes offer',
      {
        details: { argument: 'model' },
      },
    )
  }
  const slash = reference.indexOf('/')
  const model = toCid(slash < 0 ? reference : reference.slice(0, slash))
  if (model === undefined) return { kind: 'name', text: reference }
  return { kind: 'cid', model, file: slash < 0 ? '' : reference.slice(slash + 1) }
}

/** The CID in the one form that travels, or `undefined` for other text. */
function toCid(text: string): string | undefined {
  try {
    return canonicalCid(text)
  } catch {
    return undefined
  }
}

/** A bundle as the market names it. */
export interface NamedModel {
  readonly model: string
  readonly name: string
}

/**
 * The bundles whose name the text is, or begins with before a slash; the longest name wins, so that
 * `acme/ocr/det` is the file `det` of `acme/ocr`.
 */
export function matchName(text: string, offered: Iterable<NamedModel>): ModelFile[] {
  let longest = 0
  const matches = new Map<string, ModelFile>()
  for (const { model, name } of offered) {
    if (name === '' || (text !== name && !text.startsWith(`${name}/`)) || name.length < longest) continue
    if (name.length > longest) matches.clear()
    longest = name.length
    matches.set(model, { model, file: text.slice(name.length + 1) })
  }
  return [...matches.values()]
}
