import type { HostedModel } from '@neurovoyance/protocol'
import type { Executor, ExecutorStatus } from '@neurovoyance/runtime/node'
import type { InstalledModel, ModelStore } from './model-store.js'

/** The models of a node as others hear of them. */
export function hostedModels(models: ModelStore | undefined, executor: Executor | undefined): HostedModel[] {
  const runs = executor?.status().models ?? []
  return models?.list().map(model => hostedModel(model, runs)) ?? []
}

/** A bundle's speed is that of its slowest graph: the offer has one figure for all. */
function hostedModel(
  { model, name, bytes, graphs }: InstalledModel,
  runs: ExecutorStatus['models'],
): HostedModel {
  const known = runs.filter(({ id }) => graphs.some(({ key }) => key === id))
  const medians = known.flatMap(({ p50Us }) => (p50Us === undefined ? [] : [p50Us]))
  return {
    model,
    name,
    bytes,
    loaded: known.some(({ loaded }) => loaded),
    inFlight: known.reduce((sum, { inFlight }) => sum + inFlight, 0),
    ...(medians.length > 0 && { p50Us: Math.max(...medians) }),
  }
}
