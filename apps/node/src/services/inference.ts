import type { TensorSignature } from '@neurovoyance/onnx'
import type { Host } from '@neurovoyance/p2p'
import { InferenceService, type TensorSpec } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { NodeError } from '../errors.js'
import type { ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'
import type { HostingService } from './hosting.js'

interface Needs {
  network: Host
  models: ModelStore
  executor: Executor
  /** Told of every run: models in use are kept. */
  hosting?: HostingService
}

/** Runs this node's models for whoever asks. */
export function inference(): ServiceFactory<Needs, Service> {
  return ({ network, models, executor, hosting }) => {
    const stop = network.rpc.serve(InferenceService, {
      Describe({ body }) {
        const { bundle, graph } = models.resolve(body.model, body.file)
        const loaded = executor.status().models.some(({ id, loaded }) => id === graph.key && loaded)
        return {
          body: {
            name: bundle.name,
            loaded,
            bytes: bundle.bytes,
            inputs: graph.inputs.map(toSpec),
            outputs: graph.outputs.map(toSpec),
          },
        }
      },
      async Infer({ body, attachments }, { peerId, signal, remainingMs }) {
        const { graph } = models.resolve(body.model, body.file)
        const { inputNames, outputNames } = body
        if (inputNames.length !== attachments.length) {
          throw new NodeError(
            'NODE_BAD_REQUEST',
            `The request names ${inputNames.length} inputs and carries ${attachments.length} tensors.`,
          )
        }
        hosting?.used(body.model)
        const { outputs, stats } = await executor.runFrames({
          model: { id: graph.key, path: graph.path },
          inputs: inputNames.map((name, index) => ({ name, frame: attachments[index]! })),
          ...(outputNames.length > 0 && { outputs: outputNames }),
          client: peerId,
          deadlineMs: remainingMs(),
          signal,
        })
        return {
          body: { outputNames: outputs.map(({ name }) => name), stats },
          attachments: outputs.map(({ frame }) => frame),
        }
      },
    })
    return { close: stop }
  }
}

function toSpec({ name, type, dims, optional }: TensorSignature): TensorSpec {
  return {
    name,
    type,
    optional,
    unranked: dims === null,
    dims: (dims ?? []).map(dim =>
      typeof dim === 'number' ? { size: dim } : typeof dim === 'string' ? { symbol: dim } : {},
    ),
  }
}
