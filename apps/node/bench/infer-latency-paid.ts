/**
 * One inference that is paid, by vouchers that pay ahead the further the longer the node answers, against the same model
 * in this process; and what paying adds against a node that is free. A validator and the node that is paid are
 * processes of their own, and the channel is open before.
 *
 * The three sides take turns in short bursts that begin at rest, as in `infer-latency`; the ratios are medians of the
 * rounds' own.
 */
import { percentile, report, summarize } from '@neurovoyance/testing/bench'
import { openPaidSide } from './_paid-side.ts'
import { assertSame, setScene } from './_scene.ts'

const ROUNDS = 40
const WARM_UP_ROUNDS = 5
const BURST = 12
const REST_MS = 60

const scene = await setScene()
const paying = await openPaidSide(scene)
const { inputs } = scene
const samples = { paid: [] as number[], free: [] as number[], local: [] as number[] }
const rounds = { ratio: [] as number[], freeRatio: [] as number[], paidOverFree: [] as number[] }
const expected = (await scene.runLocally()).y!
let charged = 0n

const sides: Record<keyof typeof samples, () => Promise<{ outputs?: unknown }>> = {
  async paid() {
    const result = await paying.client.infer({ model: paying.model, inputs, deadlineMs: 5_000 })
    charged += result.charge!.amount
    return result
  },
  free: () => scene.client.infer({ model: scene.model, inputs, deadlineMs: 5_000 }),
  local: async () => ({ outputs: await scene.runLocally() }),
}

async function burst(side: keyof typeof samples): Promise<void> {
  for (let index = 0; index < BURST; index++) {
    const startMs = performance.now()
    const { outputs } = await sides[side]()
    samples[side].push(performance.now() - startMs)
    assertSame((outputs as { y: typeof expected }).y, expected)
  }
}

for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
  const turns = Object.keys(sides) as (keyof typeof samples)[]
  for (const side of round % 2 === 0 ? turns : turns.reverse()) {
    await new Promise(resolve => setTimeout(resolve, REST_MS))
    await burst(side)
  }
  if (round < WARM_UP_ROUNDS) {
    for (const times of Object.values(samples)) times.length = 0
    continue
  }
  const median = (side: keyof typeof samples) => percentile(samples[side].slice(-BURST), 0.5)
  rounds.ratio.push(median('paid') / median('local'))
  rounds.freeRatio.push(median('free') / median('local'))
  rounds.paidOverFree.push(median('paid') - median('free'))
}
const [channel] = paying.payments.report().channels
if (channel === undefined || channel.lost > 0n || channel.used < charged)
  throw new Error('the runs were not paid')
await paying.close()
await scene.close()

const [paid, free, local] = [summarize(samples.paid), summarize(samples.free), summarize(samples.local)]
report({
  bench: 'infer-latency-paid',
  metrics: {
    ratio: percentile(rounds.ratio, 0.5),
    freeRatio: percentile(rounds.freeRatio, 0.5),
    payingAddsMs: percentile(rounds.paidOverFree, 0.5),
    paidMs: paid.p50,
    freeMs: free.p50,
    localMs: local.p50,
    vouchers: channel.vouchers,
  },
  targets: { ratio: '<=1.15' },
  spread: {
    paid: { unit: 'ms', ...paid },
    free: { unit: 'ms', ...free },
    local: { unit: 'ms', ...local },
  },
})
process.exit()
