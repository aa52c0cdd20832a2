import { OnnxError } from '../errors.js'
import type { ExternalLocation, OnnxModel, OnnxNode, OnnxTensor } from '../model/model.js'
import { walkGraphs, walkTensors } from '../model/walk.js'
import { countExpandedNodes, type FunctionTable, functionKey, functionTable } from './functions.js'
import { whyForbidden } from './operators.js'
import { confinedPath } from './paths.js'
import { DEFAULT_POLICY, type ModelPolicy } from './policy.js'
import { checkSizes } from './shapes.js'

/** A file that a model's weights lie in. */
export interface ExternalFile {
  /** Relative to the model file's folder, forward slashes. */
  readonly path: string
  /** Bytes that it must have at least. */
  readonly minBytes: number
}

/** What {@link checkModel} found out. */
export interface ModelFacts {
  /** Operators, functions expanded. */
  readonly nodes: number
  readonly weightBytes: number
  readonly externalFiles: readonly ExternalFile[]
}

/** Keys of `metadata_props` that ONNX Runtime obeys. */
const OBEYED_METADATA = ['ort_config']

/**
 * Checks that a model asks for nothing but computing: known operators, no code or files from outside, and
 * sizes within the policy. It reads no weights and touches no files.
 *
 * @throws OnnxError `ONNX_UNSUPPORTED_VERSION`, `ONNX_CUSTOM_OPERATOR`, `ONNX_FORBIDDEN_OPERATOR`,
 * `ONNX_FORBIDDEN_FEATURE`, `ONNX_PATH_ESCAPES`, `ONNX_LIMIT_EXCEEDED` or `ONNX_MALFORMED`.
 */
export function checkModel(model: OnnxModel, policy: Partial<ModelPolicy> = {}): ModelFacts {
  const rules = { ...DEFAULT_POLICY, ...policy }
  checkVersions(model, rules)
  checkFeatures(model)
  const functions = functionTable(model)
  const nodes = countExpandedNodes(model, functions, rules.maxNodes)
  for (const { nodes } of walkGraphs(model)) {
    for (const node of nodes) checkOperator(node, functions, rules)
  }
  const weights = [...walkTensors(model)]
  return {
    nodes,
    weightBytes: checkSizes(model, weights, rules),
    externalFiles: checkExternalData(weights),
  }
}

function checkVersions(model: OnnxModel, { irVersions, operatorSets }: ModelPolicy): void {
  assertVersion('IR version', model.irVersion, irVersions)
  if (model.opsets.size === 0) {
    throw new OnnxError(
      'ONNX_UNSUPPORTED_VERSION',
      'the model imports no operator set: it was cut off, or export it again',
    )
  }
  for (const { opsets } of [model, ...model.functions]) {
    // Exporters import sets that no node uses; only those that a node can use are of interest.
    for (const [domain, version] of opsets) {
      const range = operatorSets[domain]
      if (range !== undefined) assertVersion(`version of ${domain || 'ai.onnx'}`, version, range)
    }
  }
}

function assertVersion(what: string, version: number, { min, max }: { min: number; max: number }): void {
  if (version >= min && version <= max) return
  throw new OnnxError(
    'ONNX_UNSUPPORTED_VERSION',
    `${what} ${version} is outside ${min} to ${max}: convert the model (onnx.version_converter) or export it again`,
    { details: { version, min, max } },
  )
}

function checkFeatures(model: OnnxModel): void {
  if (model.hasTrainingInfo) throw forbidden('training_info', 'a training graph')
  for (const key of OBEYED_METADATA) {
    if (model.metadata.has(key)) throw forbidden(key, 'settings for the session that loads it')
  }
}

function checkOperator(node: OnnxNode, functions: FunctionTable, { operatorSets }: ModelPolicy): void {
  const { domain, operator } = node
  const why = whyForbidden(domain, operator)
  if (why !== undefined) {
    throw new OnnxError('ONNX_FORBIDDEN_OPERATOR', `operator ${domain}.${operator} ${why}`, {
      details: { domain, operator, node: node.name },
    })
  }
  if (functions.has(functionKey(node)) || Object.hasOwn(operatorSets, domain)) return
  throw new OnnxError(
    'ONNX_CUSTOM_OPERATOR',
    `operator ${operator} of '${domain}' is of no known operator set (${Object.keys(operatorSets)
      .map(known => known || 'ai.onnx')
      .join(', ')}) and not defined in the model: export it with standard operators`,
    { details: { domain, operator, node: node.name } },
  )
}

function checkExternalData(weights: readonly OnnxTensor[]): readonly ExternalFile[] {
  const minBytes = new Map<string, number>()
  for (const { name, location, elementType } of weights) {
    if (location.kind !== 'external') continue
    if (elementType === 'string') throw forbidden(name, 'strings as external data')
    assertKnownKeys(name, location)
    const path = confinedPath(location.path)
    minBytes.set(path, Math.max(minBytes.get(path) ?? 0, location.offset + location.byteLength))
  }
  return [...minBytes].map(([path, bytes]) => ({ path, minBytes: bytes }))
}

function assertKnownKeys(name: string, { otherKeys }: ExternalLocation): void {
  const [key] = otherKeys
  if (key !== undefined) throw forbidden(`external_data.${key}`, `'${key}' for weight '${name}'`)
}

function forbidden(feature: string, what: string): OnnxError {
  return new OnnxError(
    'ONNX_FORBIDDEN_FEATURE',
    `the model brings ${what}, which ONNX Runtime would obey: export it without`,
    { details: { feature } },
  )
}
