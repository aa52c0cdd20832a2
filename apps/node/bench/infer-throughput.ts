/** One client with eight requests in flight and one node, against the same model run one after the other in this process. */
import { interleave, report } from '@neurovoyance/testing/bench'
import { assertSame, setScene } from './_scene.ts'

const IN_FLIGHT = 8
const RUNS = 160

const scene = await setScene()
const { client, model, inputs } = scene
assertSame((await client.infer({ model, inputs })).outputs.y!, (await scene.runLocally()).y!)

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
  theirs: perSecond(1, scene.runLocally),
  rounds: 11,
  warmup: 2,
})
await scene.close()

report({
  bench: 'infer-throughput',
  metrics: { ratio: pairedRatio, remotePerSecond: ours.summary.p50, localPerSecond: theirs.summary.p50 },
  targets: { ratio: '>=0.95' },
  spread: { remote: { unit: 'runs/s', ...ours.summary }, local: { unit: 'runs/s', ...theirs.summary } },
})
process.exit()
