import { byteStream } from '@libp2p/utils'
import { expect, it } from 'vitest'
import { defaultHostLimits, type Host, type HostLimits } from '../../src/index.ts'
import { ECHO_PROTOCOL, echo, serveEcho } from './echo.ts'
import { addressWith, peer, until } from './hosts.ts'

const ping = new Uint8Array([1, 2, 3])

/** A server with these limits, an honest peer and one that will misbehave, both connected to it. */
async function scene(limits: Partial<HostLimits>): Promise<{ server: Host; honest: Host; flooder: Host }> {
  // peers that do not look for each other: what the server sees is what the test does
  const alone = { limits: { targetPeers: 1 } }
  const server = await peer({ limits: { ...limits, targetPeers: 1 } })
  const [honest, flooder] = [await peer(alone), await peer(alone)]
  await serveEcho(server)
  await honest.connect(addressWith(server, 'tcp'))
  await flooder.connect(addressWith(server, 'tcp'))
  await until(server, () => server.peers().length === 2)
  return { server, honest, flooder }
}

async function expectDropped(server: Host, honest: Host, flooder: Host): Promise<void> {
  await until(server, () => !server.peers().some(({ peerId }) => peerId === flooder.peerId))
  expect(await echo(honest, server.peerId, ping)).toEqual(ping)
  // it is refused for a while
  await flooder.connect(addressWith(server, 'tcp')).catch(() => undefined)
  await until(flooder, () => flooder.peers().length === 0)
  expect(server.peers().map(({ peerId }) => peerId)).toEqual([honest.peerId])
}

it('drops a peer that opens streams without end', async () => {
  const { server, honest, flooder } = await scene({ streamsPerSecondPerPeer: 20 })
  const [connection] = flooder.libp2p.getConnections()
  const flood = async (): Promise<void> => {
    for (;;) {
      const stream = await connection?.newStream(ECHO_PROTOCOL)
      await stream?.close()
    }
  }
  // side by side: one after the other may be slower than the limit on a busy machine
  await expect(Promise.all(Array.from({ length: 8 }, flood))).rejects.toThrow()
  await expectDropped(server, honest, flooder)
})

it('drops a peer that floods a protocol of the network with bytes', async () => {
  const { server, honest, flooder } = await scene({ controlBytesPerSecondPerPeer: 8 * 1024 })
  const [connection] = flooder.libp2p.getConnections()
  const flood = async (): Promise<void> => {
    const stream = await connection?.newStream('/ipfs/ping/1.0.0')
    if (stream === undefined) throw new Error('no stream')
    const bytes = byteStream(stream)
    for (;;) await Promise.all([bytes.write(new Uint8Array(1024)), bytes.read({ bytes: 1024 })])
  }
  await expect(flood()).rejects.toThrow()
  await expectDropped(server, honest, flooder)
})

it('drops a peer that floods gossip, and takes what others say', async () => {
  const { server, honest, flooder } = await scene({ gossipMessagesPerSecondPerPeer: 10 })
  let taken = 0
  const heard = new Promise<void>(resolve => {
    server.gossip.subscribe('flood', ({ from }) => {
      taken++
      if (from === honest.peerId) resolve()
      return 'accept'
    })
  })
  await subscribed(flooder, 'flood')
  await subscribed(honest, 'flood')
  while (flooder.peers().length > 0) {
    await flooder.gossip.publish('flood', crypto.getRandomValues(new Uint8Array(64)))
    await new Promise(resolve => setImmediate(resolve))
  }
  await expectDropped(server, honest, flooder)
  await honest.gossip.publish('flood', ping)
  await heard
  // a burst of four seconds' worth, what came back in the meantime, and the honest one
  expect(taken).toBeLessThan(1_000)
})

it('drops a peer that comes and goes without end', async () => {
  const { server, honest, flooder } = await scene({ connectionsPerMinutePerPeer: 5 })
  for (let again = 0; again < 5; again++) {
    await flooder.disconnect(server.peerId)
    await until(server, () => server.peers().length === 1)
    await flooder.connect(addressWith(server, 'tcp')).catch(() => undefined)
    await until(flooder, () => true)
  }
  await expectDropped(server, honest, flooder)
})

it('does not let one peer hold more connections than its share', async () => {
  const { server, honest, flooder } = await scene({ connectionsPerPeer: 2 })
  for (let more = 0; more < 5; more++) {
    await flooder.libp2p.dial(server.libp2p.getMultiaddrs(), { force: true }).catch(() => undefined)
  }
  expect(server.libp2p.getConnections().length).toBe(3)
  expect(await echo(honest, server.peerId, ping)).toEqual(ping)
})

it('has a limit for everything it counts', () => {
  for (const [name, limit] of Object.entries(defaultHostLimits)) {
    expect(limit, name).toBeGreaterThan(0)
    expect(Number.isSafeInteger(limit), name).toBe(true)
  }
})

/** Resolves when a host knows that somebody listens to a topic. */
function subscribed(host: Host, topic: string): Promise<void> {
  const pubsub = host.libp2p.services.gossip as import('@libp2p/gossipsub').GossipSub
  return new Promise(resolve => {
    const check = (): void => {
      if (pubsub.getSubscribers(topic).length > 0) resolve()
    }
    pubsub.addEventListener('subscription-change', check)
    check()
  })
}
