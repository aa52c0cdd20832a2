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

/** What a stranger might write first, by what it shows. */
export const nodePrograms: Readonly<Record<string, string>> = {
  'a tensor goes into a frame and comes back': `
import assert from 'node:assert/strict'
import { createTensor, decodeTensorFrame, encodeTensorFrame } from '@neurovoyance/protocol'
import { summarize } from '@neurovoyance/testing/bench'

const tensor = createTensor('float32', new Float32Array([1, 2, 3, 4]), [2, 2])
const frame = Buffer.concat(encodeTensorFrame(tensor))
assert.deepEqual(decodeTensorFrame(frame).data, tensor.data)
assert.equal(summarize([1, 2, 3]).p50, 2)
`,

  'the runtime runs a model in a process of its own': `
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createExecutor } from '@neurovoyance/runtime/node'
import { add } from '@neurovoyance/testing/models'

const { bytes, inputs, outputs: expected } = add()
await writeFile('add.onnx', bytes)
const executor = await createExecutor()
const { outputs } = await executor.run({ model: { id: 'add', path: 'add.onnx' }, inputs })
assert.deepEqual(outputs.sum, expected.sum)
await executor.close()
`,

  'a bootstrap and a node of the installed nv answer a client': `
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createClient } from '@neurovoyance/client'
import { startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'

const { bytes, inputs, outputs: expected } = add()
await writeFile('add.onnx', bytes)
await using hive = await startHive({ nv: 'node_modules/@neurovoyance/node/bin/nv.js', nodes: 1 })
const { model } = await hive.addModel(path.resolve('add.onnx'))
await using client = await createClient({ bootstrap: hive.bootstrap })
const { outputs, node } = await client.infer({ model, inputs, deadlineMs: 30_000 })
assert.deepEqual(outputs.sum, expected.sum)
assert.equal(node, hive.nodes[0].peerId)
`,
}

/** What is bundled for a browser, by name. */
export const browserPrograms: Readonly<Record<string, string>> = {
  protocol: everything('@neurovoyance/protocol'),
  onnx: everything('@neurovoyance/onnx'),
  scheduler: everything('@neurovoyance/scheduler'),
  client: everything('@neurovoyance/client'),
  'client-session': everything('@neurovoyance/client/session'),
  'p2p-browser': everything('@neurovoyance/p2p/browser'),
  'runtime-web': everything('@neurovoyance/runtime/web'),
}

function everything(specifier: string): string {
  return `import * as part from '${specifier}'\nglobalThis.part = part\n`
}
