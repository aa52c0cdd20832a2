/**
 * One inference on the network against the same model in this process, and what is added against a raw echo of the
 * same sizes: client and node in two processes, the production path whole.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { interleave, measure, percentile, report } from '@neurovoyance/testing/bench'
import { createLibp2p } from 'libp2p'
import { assertSame, setScene } from './_scene.ts'

const ROUNDS = 40
const BURST = 15
const PAYLOAD_BYTES = 16 * 1024
/** ONNX Runtime's threads spin for some 30 ms after a run in this process: the other side waits until they are at rest. */
const REST_MS = 60

const scene = await setScene()
const { client, model, inputs } = scene
const answers = { remote: await client.infer({ model, inputs }), local: await scene.runLocally() }
assertSame(answers.remote.outputs.y!, answers.local.y!)

/** The median of some runs one after the other, in milliseconds, begun at rest. */
const burst = (run: () => Promise<unknown>) => async () => {
  await new Promise(resolve => setTimeout(resolve, REST_MS))
  const times: number[] = []
  for (let index = 0; index < BURST; index++) {
    const startMs = performance.now()
    await run()
    times.push(performance.now() - startMs)
  }
  return percentile(times, 0.5)
}

const { ours, theirs, pairedRatio } = await interleave({
  ours: burst(() => client.infer({ model, inputs, deadlineMs: 5_000 })),
  theirs: burst(scene.runLocally),
  rounds: ROUNDS,
  warmup: 5,
})
await scene.close()

const peer = fork(new URL('./_echo-peer.ts', import.meta.url))
const [addresses] = (await once(peer, 'message')) as [string[]]
const libp2p = await createLibp2p({
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
})
const stream = await (await libp2p.dial(addresses.map(address => multiaddr(address)))).newStream('/echo')
let missing = 0
let done = () => {}
stream.addEventListener('message', event => {
  missing -= event.data.byteLength
  if (missing === 0) done()
})
const payload = new Uint8Array(PAYLOAD_BYTES)
const roundTrip = () =>
  new Promise<void>(resolve => {
    missing = PAYLOAD_BYTES
    done = resolve
    stream.send(payload)
  })
const echo = await measure({ run: burst(roundTrip), rounds: ROUNDS, warmup: 5 })
peer.disconnect()
await libp2p.stop()

const [remoteMs, localMs, echoMs] = [ours.summary.p50, theirs.summary.p50, echo.summary.p50]
report({
  bench: 'infer-latency',
  metrics: {
    ratio: remoteMs / localMs,
    pairedRatio,
    overheadRatio: (remoteMs - localMs) / echoMs,
    remoteMs,
    localMs,
    overheadMs: remoteMs - localMs,
    echoMs,
    localThreads: scene.localThreads,
  },
  targets: { ratio: '<=1.15', overheadRatio: '<=2.5' },
  spread: {
    remote: { unit: 'ms', ...ours.summary },
    local: { unit: 'ms', ...theirs.summary },
    echo: { unit: 'ms', ...echo.summary },
  },
})
process.exit()
