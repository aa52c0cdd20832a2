/** A program that does nothing but import; it fails where one is missing or throws. */
export function importsProgram(specifiers: readonly string[]): string {
  const lines = specifiers.map((specifier, index) => `import * as part${index} from '${specifier}'`)
  const parts = specifiers.map((_, index) => `part${index}`)
  return [
    ...lines,
    `for (const part of [${parts.join(', ')}]) if (typeof part !== 'object') throw new Error('no module')`,
    '',
  ].join('\n')
}

/** A few lines that a stranger might write first: a tensor goes into a frame and comes back. */
export const smallProgram = `
import assert from 'node:assert/strict'
import { createTensor, decodeTensorFrame, encodeTensorFrame } from '@neurovoyance/protocol'
import { summarize } from '@neurovoyance/testing/bench'

const tensor = createTensor('float32', new Float32Array([1, 2, 3, 4]), [2, 2])
const frame = Buffer.concat(encodeTensorFrame(tensor))
assert.deepEqual(decodeTensorFrame(frame).data, tensor.data)
assert.equal(summarize([1, 2, 3]).p50, 2)
`

/** What is bundled for a browser, by name. */
export const browserPrograms: Readonly<Record<string, string>> = {
  protocol: everything('@neurovoyance/protocol'),
  onnx: everything('@neurovoyance/onnx'),
  scheduler: everything('@neurovoyance/scheduler'),
  client: everything('@neurovoyance/client'),
  'runtime-web': everything('@neurovoyance/runtime/web'),
}

function everything(specifier: string): string {
  return `import * as part from '${specifier}'\nglobalThis.part = part\n`
}
