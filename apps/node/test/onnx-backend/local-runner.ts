/** A process that runs models with onnxruntime-node and nothing of ours: one message in, one out. */
import * as ort from 'onnxruntime-node'
import type { LocalRequest, LocalResult, PlainTensor } from './local-runs.js'

process.on('message', (request: LocalRequest) => {
  void answer(request).then(result => process.send!(result))
})

async function answer({ model, inputs }: LocalRequest): Promise<LocalResult> {
  try {
    const session = await ort.InferenceSession.create(model)
    const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toFeed(tensor)] as const)
    const results = await session.run(Object.fromEntries(feeds))
    const outputs = Object.entries(results).map(([name, tensor]) => [name, toPlain(tensor)] as const)
    await session.release()
    return { outputs: Object.fromEntries(outputs) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function toFeed({ type, dims, data: received }: PlainTensor): ort.Tensor {
  // A copy begins where memory was allocated, as a program's own arrays do; what was received lies anywhere
  // in its message, and ONNX Runtime's vectorised sums come out otherwise where they begin elsewhere.
  const data = (received as Float32Array).slice()
  const tensor = new ort.Tensor(type as 'float32', data, dims)
  // The binding takes the Float16Array that Tensor makes on newer Nodes for an array of no elements.
  if (type === 'float16') Object.defineProperty(tensor, 'data', { value: data })
  return tensor
}

/** Float16Array does not pass structured clone everywhere: its bits do. */
function toPlain({ type, dims, data }: ort.Tensor): PlainTensor {
  if (type !== 'float16') return { type, dims, data: data as PlainTensor['data'] }
  const { buffer, byteOffset, length } = data as Uint16Array
  return { type, dims, data: new Uint16Array(buffer, byteOffset, length) }
}
