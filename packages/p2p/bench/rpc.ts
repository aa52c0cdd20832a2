/**
 * A unary call of 4 kB with deadline and cancellation against an echo of 4 kB on a raw open libp2p stream, both over
 * one connection between two real hosts, each in a process of its own; and how many calls a second.
 */
import type { Stream } from '@libp2p/interface'
import { interleave, measure, report } from '@neurovoyance/testing/bench'
import { EchoService, RAW_ECHO } from './peers/echo-service.ts'
import { loopbackHost } from './peers/loopback-host.ts'
import { spawnPeer } from './peers/spawn-peer.ts'

const SIZE_BYTES = 4096
/** Few in a turn and many turns: what else the machine does then weighs on both sides alike. */
const ROUND_TRIPS = 25
/** Until both sides run as they do in a process that has been up for a while: a call has more code to compile. */
const WARMUP_ROUNDS = 400
const CALLS_OF_LANE = 50
const IN_FLIGHT = 32

const server = await spawnPeer<string>('./echo-peer.ts')
const host = await loopbackHost()
const peerId = await host.connect(server.ready)
const [connection] = host.libp2p.getConnections()
if (connection === undefined) throw new Error('the hosts are not connected')
const payload = crypto.getRandomValues(new Uint8Array(SIZE_BYTES))

async function call(): Promise<void> {
  const controller = new AbortController()
  const options = { timeoutMs: 10_000, signal: controller.signal }
  const { body } = await host.rpc.call(peerId, EchoService, 'Echo', { body: payload }, options)
  if (body.length !== SIZE_BYTES) throw new Error(`${body.length} bytes came back`)
}

/** Sends on an open stream and waits until as many bytes are back. */
function echo(stream: Stream): () => Promise<void> {
  let missing = 0
  let done = () => {}
  stream.addEventListener('message', event => {
    missing -= event.data.byteLength
    if (missing === 0) done()
  })
  return () =>
    new Promise(resolve => {
      missing = SIZE_BYTES
      done = resolve
      stream.send(payload)
    })
}

/** The mean of many round trips, in milliseconds: one is too short for the clock and the scheduler. */
function meanMs(roundTrip: () => Promise<void>): () => Promise<number> {
  return async () => {
    const startMs = performance.now()
    for (let trip = 0; trip < ROUND_TRIPS; trip++) await roundTrip()
    return (performance.now() - startMs) / ROUND_TRIPS
  }
}

const raw = echo(await connection.newStream(RAW_ECHO))
const { ours, theirs, pairedRatio } = await interleave({
  ours: meanMs(call),
  theirs: meanMs(raw),
  rounds: 800,
  warmup: WARMUP_ROUNDS,
})

const rate = await measure({
  rounds: 10,
  warmup: 2,
  run: async () => {
    const startMs = performance.now()
    const lane = async () => {
      for (let trip = 0; trip < CALLS_OF_LANE; trip++) await call()
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
    return (CALLS_OF_LANE * IN_FLIGHT * 1000) / (performance.now() - startMs)
  },
})

await host.close()
server.process.disconnect()

report({
  bench: 'rpc',
  metrics: {
    ratio: pairedRatio,
    rpcMs: ours.summary.p50,
    rawMs: theirs.summary.p50,
    callsPerSecond: rate.summary.p50,
  },
  targets: { ratio: '<=1.25' },
  spread: {
    rpc: { unit: 'ms', ...ours.summary },
    raw: { unit: 'ms', ...theirs.summary },
    calls: { unit: 'calls/s', ...rate.summary },
  },
})
