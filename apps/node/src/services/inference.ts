import type { TensorSignature } from '@neurovoyance/onnx'
import type { Host } from '@neurovoyance/p2p'
import { InferenceService, type Logger, type TensorSpec } from '@neurovoyance/protocol'
import type { Executor, RunStats } from '@neurovoyance/runtime/node'
import { NodeError } from '../errors.js'
import type { ModelStore } from '../models/model-store.js'
import { delivered } from '../payments/delivered.js'
import type { Service, ServiceFactory } from '../service.js'
import type { HostingService } from './hosting.js'
import type { PaymentsService } from './payments.js'

interface Needs {
  network: Host
  models: ModelStore
  executor: Executor
  /** Told of every run: models in use are kept. */
  hosting?: HostingService
  /** Charges every run; all are free without it. */
  payments?: PaymentsService
}

/** Runs this node's models for whoever asks. */
export function inference(): ServiceFactory<Needs, Service> {
  return ({ network, models, executor, hosting, payments }, { logger }) => {
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
            ...(payments && { price: payments.price }),
          },
        }
      },
      async Infer({ body, attachments }, { peerId, signal, remainingMs, trace }) {
        const { graph } = models.resolve(body.model, body.file)
        const { inputNames, outputNames } = body
        if (inputNames.length !== attachments.length) {
          throw new NodeError(
            'NODE_BAD_REQUEST',
            `The request names ${inputNames.length} inputs and carries ${attachments.length} tensors.`,
          )
        }
        const inputs = inputNames.map((name, index) => ({ name, frame: attachments[index]! }))
        const charged = await payments?.admit({ peerId, graph, inputs, payment: body.payment })
        const run = { client: peerId, model: graph.key, ...(trace !== undefined && { trace }) }
        const made = logged(logger, run, () =>
          executor.runFrames({
            model: { id: graph.key, path: graph.path },
            inputs,
            ...(outputNames.length > 0 && { outputs: outputNames }),
            client: peerId,
            deadlineMs: remainingMs(),
            signal,
          }),
        )
        hosting?.used(body.model)
        const { outputs, stats } = await (charged === undefined ? made : delivered(made, charged, signal))
        const charge = charged?.charge
        return {
          body: { outputNames: outputs.map(({ name }) => name), stats, ...(charge && { charge }) },
          attachments: outputs.map(({ frame }) => frame),
        }
      },
    })
    return { close: stop }
  }
}

/** Tells of a run that is over: whose it was, how it went, and the caller's trace by which it is found again. */
async function logged<Run extends { stats: RunStats }>(
  logger: Logger,
  fields: { client: string; model: string; trace?: string },
  run: () => Promise<Run>,
): Promise<Run> {
  try {
    const done = await run()
    logger.debug({ ...fields, ...done.stats }, 'ran a model')
    return done
  } catch (error) {
    logger.debug({ ...fields, error }, 'a run failed')
    throw error
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
