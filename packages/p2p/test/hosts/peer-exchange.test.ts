import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { expect, it } from 'vitest'
import { PEERS_PROTOCOL } from '../../src/discovery/peer-exchange.ts'
import { addressWith, identified, peer, until } from './hosts.ts'

const STRANGER = '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p'

/** What a lying peer answers when it is asked whom it knows. */
const lies: Array<[string, (stream: Stream) => Promise<void>]> = [
  ['more peers than allowed', stream => lpStream(stream).write(Uint8Array.of(255))],
  [
    'a record that nobody signed',
    async stream => {
      const frames = lpStream(stream)
      await frames.write(Uint8Array.of(1))
      await frames.write(new TextEncoder().encode(STRANGER))
      await frames.write(new Uint8Array(100))
    },
  ],
  [
    'a peer id without end',
    async stream => {
      const frames = lpStream(stream)
      await frames.write(Uint8Array.of(1))
      await frames.write(new Uint8Array(8_000).fill(65))
    },
  ],
  ['a frame without end', stream => lpStream(stream).write(new Uint8Array(1024 * 1024))],
]

it.each(lies)('believes nothing of %s', async (_, lie) => {
  const liar = await peer({ limits: { targetPeers: 1 } })
  await liar.libp2p.unhandle(PEERS_PROTOCOL)
  const asked = new Promise<void>(resolve => {
    void liar.libp2p.handle(PEERS_PROTOCOL, stream => {
      lie(stream).then(resolve, resolve)
    })
  })
  const honest = await peer()
  const met = identified(honest)
  await honest.connect(addressWith(liar, 'tcp'))
  await until(honest, () => met.has(liar.peerId))
  await asked
  const known = await honest.libp2p.peerStore.all()
  expect(known.map(({ id }) => id.toString())).not.toContain(STRANGER)
  expect(honest.peers().map(({ peerId }) => peerId)).toEqual([liar.peerId])
})

it('tells addresses only as the peers themselves have signed them', async () => {
  const [a, middle, b] = [await peer(), await peer(), await peer()]
  await a.connect(addressWith(middle, 'tcp'))
  await b.connect(addressWith(middle, 'tcp'))
  await until(b, () => b.peers().some(({ peerId }) => peerId === a.peerId))
  const known = await b.libp2p.peerStore.get(a.libp2p.peerId)
  expect(known.addresses.some(({ isCertified }) => isCertified)).toBe(true)
})
