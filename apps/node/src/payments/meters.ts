import { dirname, join } from 'node:path'
import { createMeter, describeInput, type Meter, openModel } from '@neurovoyance/onnx'
import { type FileSource, fileSource } from '@neurovoyance/onnx/node'
import { decodeTensorFrame, type NamedFrame } from '@neurovoyance/protocol'
import type { ModelGraph } from '../models/model-store.js'

/** Graphs whose meters are kept. */
const METERS_KEPT = 128

/** Computes the work of requests to this node's models, as their clients do. */
export interface NodeMeters {
  /** @throws OnnxError `ONNX_INPUT_…` where the inputs do not fit the model */
  unitsOf(graph: Pick<ModelGraph, 'key' | 'path'>, inputs: readonly NamedFrame[]): Promise<bigint>
}

/** Meters the graphs of bundles that were checked before. */
export function createNodeMeters(): NodeMeters {
  const meters = new Map<string, Promise<Meter>>()

  function meterOf({ key, path }: Pick<ModelGraph, 'key' | 'path'>): Promise<Meter> {
    const known = meters.get(key)
    if (known !== undefined) return known
    const opened = openMeter(path)
    meters.set(key, opened)
    opened.catch(() => meters.delete(key))
    if (meters.size > METERS_KEPT) meters.delete(meters.keys().next().value!)
    return opened
  }

  return {
    async unitsOf(graph, inputs) {
      const meter = await meterOf(graph)
      return meter.workUnits(inputs.map(({ name, frame }) => describeInput(name, decodeTensorFrame(frame))))
        .units
    },
  }
}

async function openMeter(path: string): Promise<Meter> {
  const sources: FileSource[] = []
  const opened = async (file: string) => {
    const source = await fileSource(file)
    sources.push(source)
    return source
  }
  try {
    const model = await openModel(await opened(path), {
      externalData: file => opened(join(dirname(path), file)),
    })
    return await createMeter(model)
  } finally {
    await Promise.all(sources.map(source => source.close()))
  }
}
