/**
 * One inference on the network against the same model in this process, and what is added against a raw echo of the
 * same sizes: client and node in two processes, the production path whole.
 *
 * The three sides take turns in short bursts. Each burst begins at rest, because ONNX Runtime's threads spin for some
 * 30 ms after a run in this process and would slow the next side. Each echo follows a run of the model on the node, as
 * the messages of an inference do, so that it finds the same caches and sleeping processors; `hotEchoMs` is the echo in
 * a tight loop. The ratios are medians of the rounds' own, of the sides' medians in a round, so that what else the
 * machine does for a while weighs on all sides alike.
 */
import { percentile, report, summarize } from '@neurovoyance/testing/bench'
import { openEcho } from './_echo.ts'
import { assertSame, setScene } from './_scene.ts'

const ROUNDS = 40
const WARM_UP_ROUNDS = 5
const BURST = 12
const REST_MS = 60

const scene = await setScene()
const echo = await openEcho(16 * 1024)
const { client, model, inputs } = scene
const infer = () => client.infer({ model, inputs, deadlineMs: 5_000 })

const samples = {
  remote: [] as number[],
  local: [] as number[],
  echo: [] as number[],
  hotEcho: [] as number[],
}

const sides = {
  async remote() {
    const { outputs } = await timed('remote', infer)
    assertSame(outputs.y!, expected)
  },
  async local() {
    await timed('local', scene.runLocally)
  },
  async echo() {
    await infer()
    await timed('echo', echo.trip)
  },
  async hotEcho() {
    await timed('hotEcho', echo.trip)
  },
}

/** The ratios of each round. */
const rounds = { ratio: [] as number[], overheadRatio: [] as number[] }

let warm = false
async function timed<T>(side: keyof typeof samples, run: () => Promise<T>): Promise<T> {
  const startMs = performance.now()
  const result = await run()
  if (warm) samples[side].push(performance.now() - startMs)
  return result
}

const expected = (await scene.runLocally()).y!
for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
  warm = round >= WARM_UP_ROUNDS
  const turns = Object.values(sides)
  for (const run of round % 2 === 0 ? turns : turns.reverse()) {
    await new Promise(resolve => setTimeout(resolve, REST_MS))
    for (let index = 0; index < BURST; index++) await run()
  }
  if (!warm) continue
  const [remote, local, raw] = [samples.remote, samples.local, samples.echo].map(of =>
    percentile(of.slice(-BURST), 0.5),
  ) as [number, number, number]
  rounds.ratio.push(remote / local)
  rounds.overheadRatio.push((remote - local) / raw)
}
await echo.close()
await scene.close()

const remote = summarize(samples.remote)
const local = summarize(samples.local)
const raw = summarize(samples.echo)
report({
  bench: 'infer-latency',
  metrics: {
    ratio: percentile(rounds.ratio, 0.5),
    overheadRatio: percentile(rounds.overheadRatio, 0.5),
    remoteMs: remote.p50,
    localMs: local.p50,
    overheadMs: remote.p50 - local.p50,
    echoMs: raw.p50,
    hotEchoMs: summarize(samples.hotEcho).p50,
    localThreads: scene.localThreads,
  },
  targets: { ratio: '<=1.15', overheadRatio: '<=2.5' },
  spread: {
    remote: { unit: 'ms', ...remote },
    local: { unit: 'ms', ...local },
    echo: { unit: 'ms', ...raw },
  },
})
process.exit()
