import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { MeteredInput } from '../src/index.js'

/** A tensor, a sequence of them, or something else. */
type Given = { readonly type: string | null; readonly dims: readonly number[] } | readonly unknown[] | null

/** A test of one operator, without the elements of its tensors. */
export interface OperatorTest {
  readonly name: string
  /** The model, in base 64. */
  readonly model: string
  readonly inputs: readonly (Given & Partial<MeteredInput>)[]
  readonly outputs: readonly Given[]
}

/** The operator tests of ONNX, packed by fixtures/operator-tests.py. */
export function operatorTests(): readonly OperatorTest[] {
  const packed = readFileSync(new URL('fixtures/operator-tests.json.gz', import.meta.url))
  return JSON.parse(gunzipSync(packed).toString()).tests
}
