/**
 * A peer that means harm, in a process of its own: raw libp2p, no limit of ours on its side.
 *
 * `node attacker.ts ATTACK ADDRESS`; the last line on standard output is what became of the attack, in JSON.
 */
import { once } from 'node:events'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Connection, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import {
  ArtifactService,
  encodeFrame,
  InferenceService,
  LIMITS,
  MarketService,
  NodeService,
  protocolId,
  type ServiceDefinition,
} from '@neurovoyance/protocol'
import { createLibp2p } from 'libp2p'

const [attack = '', address = ''] = process.argv.slice(2)
const INFERENCE = protocolId(InferenceService)
const GiB = 1024 ** 3
const STREAMS = 2_000
/** Streams that a node lets one connection hold open. */
const HELD_AT_MOST = 512

/** A new identity, connected to the victim. */
async function connect(): Promise<Connection> {
  const libp2p = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxOutboundStreams: 100_000 })],
  })
  return libp2p.dial(multiaddr(address))
}

const open = (connection: Connection, protocol: string): Promise<Stream> =>
  connection.newStream(protocol, { maxOutboundStreams: 100_000 })

/** Goes on with something until the victim has hung up; returns how often it was done. */
async function untilDropped(connection: Connection, act: () => Promise<unknown>): Promise<number> {
  let acts = 0
  while (connection.status === 'open') {
    await act().catch(() => undefined)
    acts++
    await new Promise(setImmediate)
  }
  return acts
}

/** Opens streams and never closes one; waits until the victim has closed all that are over its limit. */
async function streams() {
  const connection = await connect()
  let closed = 0
  const overLimit = Promise.withResolvers<void>()
  const onClose = () => {
    if (++closed === STREAMS - HELD_AT_MOST) overLimit.resolve()
  }
  for (let at = 0; at < STREAMS; at++) {
    // One that is closed before its protocol is agreed on never opens.
    const stream = await open(connection, INFERENCE).catch(() => undefined)
    if (stream?.writeStatus === 'writable') {
      stream.addEventListener('close', onClose)
      stream.send(new Uint8Array(1))
    } else onClose()
  }
  await overLimit.promise
  return { dropped: connection.status !== 'open', opened: STREAMS, closed }
}

/** Sends ping after ping, as fast as they leave. */
async function messages() {
  const connection = await connect()
  const chunk = new Uint8Array(64 * 1024)
  let stream = await openDeaf(connection)
  const acts = await untilDropped(connection, async () => {
    if (stream.writeStatus !== 'writable') stream = await openDeaf(connection)
    stream.send(chunk)
  })
  return { dropped: true, acts }
}

/** A ping stream whose answers are thrown away. */
async function openDeaf(connection: Connection): Promise<Stream> {
  const stream = await open(connection, '/ipfs/ping/1.0.0')
  stream.addEventListener('message', () => undefined)
  return stream
}

/** A call whose head says that two GiB of tensors follow: what comes back? */
async function hugeAttachments() {
  const connection = await connect()
  const stream = await open(connection, INFERENCE)
  const attachmentBytes = [GiB, GiB]
  const answer = once(stream as unknown as EventTarget, 'message')
  stream.send(encodeFrame({ kind: 'call', callId: 1, method: 'Infer', attachmentBytes }))
  const [{ data }] = await answer
  const closed = stream.remoteWriteStatus === 'closed' || (await closing(stream))
  return { limited: closed, answer: new TextDecoder().decode(data.subarray()) }
}

/** Many calls that say half a GiB follows, and never send it. */
async function emptyPromises() {
  const connection = await connect()
  let acts = 0
  for (; acts < 100 && connection.status === 'open'; acts++) {
    const stream = await open(connection, INFERENCE).catch(() => undefined)
    stream?.send(encodeFrame({ kind: 'call', callId: 1, method: 'Infer', attachmentBytes: [GiB / 2 - 1024] }))
  }
  return { dropped: connection.status !== 'open', acts }
}

/** Frames whose head says that their body is over the limit. */
async function hugeBodies() {
  const connection = await connect()
  const frame = encodeFrame({ kind: 'call', callId: 1, method: 'Infer' })
  new DataView(frame.buffer).setUint32(16, LIMITS.frameBodyBytes + 1, true)
  const acts = await untilDropped(connection, async () => (await open(connection, INFERENCE)).send(frame))
  return { dropped: true, acts }
}

/** Bodies that are no protobuf, to every method of every service, both-way ones too, each service from a new identity. */
async function malformed() {
  const services: ServiceDefinition[] = [InferenceService, MarketService, ArtifactService, NodeService]
  const droppedBy: Record<string, number> = {}
  for (const service of services) {
    const connection = await connect()
    const methods = Object.values(service.methods)
    let next = 0
    droppedBy[service.name] = await untilDropped(connection, async () => {
      const { name, kind } = methods[next++ % methods.length]!
      const stream = await open(connection, protocolId(service))
      const body = new Uint8Array(64).fill(0xff)
      if (kind === 'unary') return stream.send(encodeFrame({ kind: 'call', callId: 1, method: name, body }))
      stream.send(encodeFrame({ kind: 'call', callId: 1, method: name }))
      stream.send(encodeFrame({ kind: 'message', callId: 1, body }))
    })
  }
  return { dropped: true, droppedBy }
}

/** A hundred streams that send a byte now and then, and never a whole frame. */
async function slowLoris() {
  const connection = await connect()
  const frame = encodeFrame({ kind: 'call', callId: 1, method: 'Infer', body: new Uint8Array(1_000) })
  const trickling = Array.from({ length: 100 }, () => open(connection, INFERENCE))
  const opened = await Promise.all(trickling)
  let sent = 0
  const timer = setInterval(() => {
    for (const stream of opened) if (stream.status === 'open') stream.send(frame.subarray(sent, sent + 1))
    sent++
  }, 200)
  await closing(connection)
  clearInterval(timer)
  return { dropped: true, bytesPerStream: sent }
}

/** Resolves when a stream or connection is closed, by whomever. */
async function closing(target: Stream | Connection): Promise<boolean> {
  if (target.status === 'open') await once(target as unknown as EventTarget, 'close')
  return true
}

const ATTACKS: Record<string, () => Promise<object>> = {
  streams,
  messages,
  hugeAttachments,
  emptyPromises,
  hugeBodies,
  malformed,
  slowLoris,
}

const result = await ATTACKS[attack]!()
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
