/** What the tests call in the tab; bundled for browsers from the packages as they are published. */
import { createClient, createTensor, type TensorMap } from '@neurovoyance/client'
import { createWebBackend } from '@neurovoyance/runtime/web'

/** Tensors of float32 as they cross into the tab. */
export type Vectors = Readonly<Record<string, readonly number[]>>

/** What `onHive` gives. */
export interface HiveAnswer {
  sum: number[]
  node: string
  /** How the tab is connected, by peer. */
  transports: Record<string, string>
}

const tab = {
  async onHive(bootstrap: readonly string[], model: string, vectors: Vectors): Promise<HiveAnswer> {
    await using client = await createClient({ bootstrap })
    const { outputs, node } = await client.infer({ model, inputs: toTensors(vectors) })
    const peers = client.network.status().peers.map(({ peerId, transport }) => [peerId, transport] as const)
    return { sum: toNumbers(outputs), node, transports: Object.fromEntries(peers) }
  },

  async inTab(modelUrl: string, wasmPaths: string, vectors: Vectors): Promise<number[]> {
    const backend = await createWebBackend({ wasmPaths, threads: 1 })
    const model = await backend.load({ path: modelUrl })
    return toNumbers(await model.run(toTensors(vectors)))
  },

  async addFailure(bootstrap: readonly string[]): Promise<string> {
    const client = await createClient({ bootstrap })
    return client.models.add('/model.onnx').then(
      () => 'none',
      ({ code }) => code,
    )
  },
}

export type Tab = typeof tab

Object.assign(globalThis, { tab })

function toTensors(vectors: Vectors): TensorMap {
  const tensors = Object.entries(vectors).map(([name, values]) => {
    return [name, createTensor('float32', new Float32Array(values), [values.length])] as const
  })
  return Object.fromEntries(tensors)
}

function toNumbers({ sum }: TensorMap): number[] {
  return Array.from(sum!.data as Float32Array)
}
