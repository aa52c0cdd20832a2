/**
 * One client with eight requests in flight to one node, against the same node in this process that runs its own model
 * with eight in flight. Beside it the bare executor of that node, eight in flight, and plain ONNX Runtime, one run after
 * the other: what a node costs that nobody asks.
 */

import { createExecutor } from '@neurovoyance/runtime/node'
import { interleave, measure, report } from '@neurovoyance/testing/bench'
import { openOwnNode } from './_own-node.ts'
import { assertSame, setScene } from './_scene.ts'

const IN_FLIGHT = 8
const RUNS = 160

const scene = await setScene()
const { client, model, path, inputs } = scene
const inferRemotely = () => client.infer({ model, inputs })
const own = await openOwnNode(scene)
const executor = await createExecutor()
const runHere = () => executor.run({ model: { id: model, path }, inputs })
const { y } = (await inferRemotely()).outputs
for (const { outputs } of [await own.infer(), await runHere()]) assertSame(y!, outputs.y!)

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
  ours: perSecond(IN_FLIGHT, inferRemotely),
  theirs: perSecond(IN_FLIGHT, own.infer),
  rounds: 11,
  warmup: 2,
})
await own.close()
const bare = await interleave({
  ours: perSecond(IN_FLIGHT, inferRemotely),
  theirs: perSecond(IN_FLIGHT, runHere),
  rounds: 5,
  warmup: 1,
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
    executorRatio: bare.pairedRatio,
    executorPerSecond: bare.theirs.summary.p50,
    plainPerSecond: plain.summary.p50,
    plainRatio: ours.summary.p50 / plain.summary.p50,
  },
  targets: { ratio: '>=0.95' },
  spread: {
    remote: { unit: 'runs/s', ...ours.summary },
    local: { unit: 'runs/s', ...theirs.summary },
    executor: { unit: 'runs/s', ...bare.theirs.summary },
    plain: { unit: 'runs/s', ...plain.summary },
  },
})
process.exit()
