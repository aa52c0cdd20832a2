/**
 * One client with eight requests in flight to one node, against the same executor as that node's in this process with
 * eight in flight; and against plain ONNX Runtime, one run after the other.
 */

import { createExecutor } from '@neurovoyance/runtime/node'
import { interleave, measure, report } from '@neurovoyance/testing/bench'
import { assertSame, setScene } from './_scene.ts'

const IN_FLIGHT = 8
const RUNS = 160

const scene = await setScene()
const { client, model, path, inputs } = scene
const executor = await createExecutor()
const runHere = () => executor.run({ model: { id: model, path }, inputs })
assertSame((await client.infer({ model, inputs })).outputs.y!, (await runHere()).outputs.y!)

/** Runs a second, with so many lanes side by side. */
const perSecond = (lanes: number, run: () => Promise<unknown>) => async () => {
  const startMs = performance.now()
  const lane = async () => {
    for (let done = 0; done < RUNS / lanes; done++) await run()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (RUNS * 1000) / (performance.now() - startMs)
}

const { ours, theirs, pairedRatio } = await interleave({
  ours: perSecond(IN_FLIGHT, () => client.infer({ model, inputs })),
  theirs: perSecond(IN_FLIGHT, runHere),
  rounds: 11,
  warmup: 2,
})
const plain = await measure({ run: perSecond(1, scene.runLocally), rounds: 5, warmup: 1 })
await executor.close()
await scene.close()

report({
  bench: 'infer-throughput',
  metrics: {
    ratio: pairedRatio,
    remotePerSecond: ours.summary.p50,
    localPerSecond: theirs.summary.p50,
    plainPerSecond: plain.summary.p50,
    plainRatio: ours.summary.p50 / plain.summary.p50,
  },
  targets: { ratio: '>=0.95' },
  spread: {
    remote: { unit: 'runs/s', ...ours.summary },
    local: { unit: 'runs/s', ...theirs.summary },
    plain: { unit: 'runs/s', ...plain.summary },
  },
})
process.exit()
