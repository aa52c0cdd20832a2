import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { createVirtualClock, type VirtualClock } from '@neurovoyance/testing/network'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { watchConnections } from '../../src/host/watch-connections.ts'
import { bareNode } from '../rpc/network.ts'

const PING_PROTOCOL = '/ipfs/ping/1.0.0'
const PATIENCE_MS = 10_000
const PAUSE_MS = 15_000

describe('a connection that is watched', () => {
  let clock: VirtualClock
  let connection: Connection
  /** The next ping at the other end. */
  let nextPing: () => Promise<Stream>

  beforeEach(async () => {
    clock = createVirtualClock()
    const [watcher, other] = [await quietNode(), await quietNode()]
    nextPing = await pingsAt(other)
    connection = await watcher.dial(other.getMultiaddrs())
    onTestFinished(watchConnections(watcher, clock))
  })

  const leaveUnanswered = async (): Promise<void> => {
    await nextPing()
    await clock.run(PATIENCE_MS)
  }
  const answer = async (): Promise<void> => {
    const stream = await nextPing()
    const before = connection.rtt
    stream.addEventListener('message', ({ data }) => void stream.send(data))
    while (connection.rtt === before) await new Promise(setImmediate)
  }

  it('is closed when three pings in a row are left without an answer', async () => {
    for (let ping = 1; ping <= 3; ping++) {
      expect(connection.status).toBe('open')
      await leaveUnanswered()
      if (ping < 3) await clock.run(PAUSE_MS)
    }
    expect(connection.status).not.toBe('open')
  })

  it('stays where an answer comes now and then, and is measured by it', async () => {
    for (let round = 0; round < 3; round++) {
      for (let ping = 0; ping < 2; ping++) {
        await leaveUnanswered()
        await clock.run(PAUSE_MS)
      }
      await answer()
      await clock.run(PAUSE_MS)
    }
    expect(connection.status).toBe('open')
    expect(connection.rtt).toBeGreaterThan(0)
  })

  it('stays where the other end is too busy for a ping, and says so', async () => {
    for (let ping = 0; ping < 5; ping++) {
      const stream = await nextPing()
      stream.abort(new Error('busy'))
      while (connection.streams.length > 0) await new Promise(setImmediate)
      await clock.run(PAUSE_MS)
    }
    expect(connection.status).toBe('open')
  })
})

async function quietNode(): Promise<Libp2p> {
  const node = await bareNode({ connectionMonitor: { enabled: false } })
  onTestFinished(() => node.stop())
  return node
}

/** Pings of a node, as they come. */
async function pingsAt(node: Libp2p): Promise<() => Promise<Stream>> {
  const { readable, writable } = new TransformStream<Stream, Stream>(undefined, { highWaterMark: 100 })
  const [reader, writer] = [readable.getReader(), writable.getWriter()]
  await node.handle(PING_PROTOCOL, stream => void writer.write(stream))
  return async () => (await reader.read()).value!
}
