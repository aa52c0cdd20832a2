import type { GossipSub } from '@libp2p/gossipsub'
import { LIMITS } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import type { GossipMessage, GossipVerdict, Host } from '../../src/index.ts'
import { addressWith, peer, until } from './hosts.ts'

const TOPIC = '/neurovoyance/test/1.0.0'

function pubsub(host: Host): GossipSub {
  return host.libp2p.services.gossip as GossipSub
}

/** Resolves when a host knows that this many others listen to the topic. */
function listeners(host: Host, count: number): Promise<void> {
  return new Promise(resolve => {
    const check = (): void => {
      if (pubsub(host).getSubscribers(TOPIC).length < count) return
      pubsub(host).removeEventListener('subscription-change', check)
      resolve()
    }
    pubsub(host).addEventListener('subscription-change', check)
    check()
  })
}

/** Resolves when a host forwards the topic's messages to this many others. */
function meshed(host: Host, count: number): Promise<void> {
  return new Promise(resolve => {
    let grafted = 0
    pubsub(host).addEventListener('gossipsub:graft', () => {
      if (++grafted >= count) resolve()
    })
  })
}

/** A line of three hosts that do not look for more peers. */
async function line(): Promise<[Host, Host, Host]> {
  const init = { limits: { targetPeers: 1 } }
  const [a, b, c] = [await peer(init), await peer(init), await peer(init)]
  await a.connect(addressWith(b, 'tcp'))
  await c.connect(addressWith(b, 'tcp'))
  return [a, b, c]
}

it('brings a message, with who signed it, to those that the publisher is not connected to', async () => {
  const [a, b, c] = await line()
  const arrived = new Promise<GossipMessage>(resolve => {
    c.gossip.subscribe(TOPIC, message => {
      resolve(message)
      return 'accept'
    })
  })
  const ready = meshed(b, 1)
  b.gossip.subscribe(TOPIC, () => 'accept')
  await Promise.all([listeners(a, 1), ready])
  await a.gossip.publish(TOPIC, new Uint8Array([1, 2, 3]))
  const { data, from } = await arrived
  expect([[...data], from]).toEqual([[1, 2, 3], a.peerId])
})

it.each<[string, () => GossipVerdict]>([
  ['ignored', () => 'ignore'],
  ['rejected', () => 'reject'],
  [
    'thrown at',
    () => {
      throw new Error('a handler with a fault')
    },
  ],
])('does not forward a message that was %s', async (_, verdict) => {
  const [a, b, c] = await line()
  const seen: number[] = []
  const last = new Promise<void>(resolve => {
    c.gossip.subscribe(TOPIC, ({ data }) => {
      seen.push(data[0] ?? -1)
      if (data[0] === 2) resolve()
      return 'accept'
    })
  })
  const ready = meshed(b, 1)
  b.gossip.subscribe(TOPIC, ({ data }) => (data[0] === 1 ? verdict() : 'accept'))
  await Promise.all([listeners(a, 1), ready])
  await a.gossip.publish(TOPIC, new Uint8Array([1]))
  await a.gossip.publish(TOPIC, new Uint8Array([2]))
  await last
  expect(seen).toEqual([2])
})

it('refuses to publish what others would not take', async () => {
  const host = await peer()
  await expect(host.gossip.publish(TOPIC, new Uint8Array(LIMITS.gossipBytes + 1))).rejects.toMatchObject({
    code: 'P2P_MESSAGE_TOO_LARGE',
    details: { topic: TOPIC, bytes: LIMITS.gossipBytes + 1, maxBytes: LIMITS.gossipBytes },
  })
})

/** Resolves when a peer says, on a stream that it has just opened, what it listens to. */
function told(host: Host): Promise<void> {
  return new Promise(resolve => {
    pubsub(host).addEventListener('subscription-change', () => resolve(), { once: true })
  })
}

it('goes on over the connection that is left when one of two closes', async () => {
  const [a, b] = [await peer(), await peer()]
  await a.connect(addressWith(b, 'tcp'))
  a.gossip.subscribe(TOPIC, () => 'accept')
  const arrived = new Promise<GossipMessage>(resolve => {
    b.gossip.subscribe(TOPIC, message => {
      resolve(message)
      return 'accept'
    })
  })
  await Promise.all([listeners(a, 1), listeners(b, 1)])
  await b.libp2p.dial(a.libp2p.getMultiaddrs(), { force: true })
  await until(a, () => a.libp2p.getConnections().length === 2)
  const [oldest] = a.libp2p.getConnections()
  // gossip has its streams on the first connection
  const again = Promise.all([told(a), told(b)])
  await oldest?.close()
  await again
  await a.gossip.publish(TOPIC, new Uint8Array([9]))
  expect([...(await arrived).data]).toEqual([9])
})
