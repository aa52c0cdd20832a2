/**
 * One client with eight requests in flight that it pays for, by vouchers that pay ahead the further the longer the node
 * answers, against the same to a node that is free, in turns.
 */
import { interleave, report } from '@neurovoyance/testing/bench'
import { openPaidSide } from './_paid-side.ts'
import { setScene } from './_scene.ts'

const IN_FLIGHT = 8
const RUNS = 160

const scene = await setScene()
const paying = await openPaidSide(scene)
const { inputs } = scene

let charged = 0n
async function runPaid(): Promise<void> {
  const { charge } = await paying.client.infer({ model: paying.model, inputs })
  charged += charge!.amount
}

/** Runs a second, eight side by side. */
const perSecond = (run: () => Promise<unknown>) => async () => {
  const startMs = performance.now()
  const lane = async () => {
    for (let done = 0; done < RUNS / IN_FLIGHT; done++) await run()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  return (RUNS * 1000) / (performance.now() - startMs)
}

const { ours, theirs, pairedRatio } = await interleave({
  ours: perSecond(runPaid),
  theirs: perSecond(() => scene.client.infer({ model: scene.model, inputs })),
  rounds: 11,
  warmup: 2,
})
const [channel] = paying.payments.report().channels
if (channel === undefined || channel.lost > 0n || channel.used < charged)
  throw new Error('the runs were not paid')
await paying.close()
await scene.close()

report({
  bench: 'infer-throughput-paid',
  metrics: {
    ratio: pairedRatio,
    paidPerSecond: ours.summary.p50,
    freePerSecond: theirs.summary.p50,
    vouchers: channel.vouchers,
  },
  targets: { ratio: '>=0.95' },
  spread: {
    paid: { unit: 'runs/s', ...ours.summary },
    free: { unit: 'runs/s', ...theirs.summary },
  },
})
process.exit()
