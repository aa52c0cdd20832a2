import type { ModelSignature } from '@neurovoyance/onnx'
import { RuntimeError } from '../errors.js'

/**
 * Checks the names of wanted outputs; `undefined` wants all.
 *
 * @throws RuntimeError RUNTIME_OUTPUT_UNKNOWN
 */
export function checkOutputs(signature: ModelSignature, wanted: readonly string[] | undefined): void {
  if (wanted === undefined) return
  const known = signature.outputs.map(each => each.name)
  for (const name of wanted) {
    if (known.includes(name)) continue
    const message = `The model has no output '${name}'; it has ${known.join(', ')}`
    throw new RuntimeError('RUNTIME_OUTPUT_UNKNOWN', message, { details: { name, outputs: known } })
  }
}
