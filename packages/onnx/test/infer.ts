import {
  buildModel,
  type GraphInit,
  type ModelInit,
  type NodeInit,
  value,
} from '@neurovoyance/testing/models'
import { bytesSource, createMeter, type MeteredInput, openModel } from '../src/index.js'

export const meterOf = async (bytes: Uint8Array) => createMeter(await openModel(bytesSource(bytes)))

export const graphModel = (graph: Partial<GraphInit>, init: Omit<Partial<ModelInit>, 'graph'> = {}) =>
  buildModel({ ...init, graph: { inputs: [], outputs: [], nodes: [], ...graph } })

export const float = (name: string, ...dims: number[]): MeteredInput => ({ name, type: 'float32', dims })
export const whole = (name: string, values: readonly number[], dims = [values.length]): MeteredInput => ({
  name,
  type: 'int64',
  dims,
  values,
})

/** A graph of float32 inputs of these ranks, outputs that it tells nothing of, and nodes. */
export async function infer(
  inputs: readonly MeteredInput[],
  outputs: readonly string[],
  nodes: readonly NodeInit[],
  init: Omit<Partial<ModelInit>, 'graph'> = {},
) {
  const bytes = graphModel(
    {
      inputs: inputs.map(({ name, type, dims }) =>
        value(
          name,
          type as 'float32',
          dims.map(() => null),
        ),
      ),
      outputs: outputs.map(name => value(name, 'float32')),
      nodes,
    },
    init,
  )
  const meter = await meterOf(bytes)
  return { shapes: meter.inferShapes(inputs), work: meter.workUnits(inputs), meter }
}
