import { multiaddr } from '@multiformats/multiaddr'
import { encodeFrame } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import type { Host } from '../../src/index.ts'
import { createPeerHost } from '../../src/node/index.ts'
import { MEMBERSHIP_PROTOCOL } from '../../src/swarm/membership-call.ts'
import { echo, serveEcho } from './echo.ts'
import { addressWith, peer, until } from './hosts.ts'

const KEY = '5c'.repeat(32)
const KEY_FILE = `/key/swarm/psk/1.0.0/\n/base16/\n${KEY}\n`
const OTHER_KEY = 'a0'.repeat(32)
const GARBAGE = new Uint8Array(64).fill(0xff)
const EVERYWHERE = { quic: 0, webrtcDirect: 0 } as const
const TRANSPORTS = ['tcp', 'ws', 'quic-v1', 'webrtc-direct']

it.each(TRANSPORTS)('lets members in over %s', async protocol => {
  const member = await peer({ swarmKey: KEY, listen: EVERYWHERE })
  const other = await peer({ swarmKey: KEY_FILE, listen: EVERYWHERE })
  await serveEcho(member)
  await other.connect(addressWith(member, protocol))
  const data = new Uint8Array([1, 2, 3])
  expect(await echo(other, member.peerId, data)).toEqual(data)
  expect([member, other].map(host => host.peers().map(({ peerId }) => peerId))).toEqual([
    [other.peerId],
    [member.peerId],
  ])
})

it.each(
  TRANSPORTS.flatMap(protocol => [
    [protocol, 'no key', undefined],
    [protocol, 'another key', OTHER_KEY],
  ]),
)('gives nothing over %s to a stranger with %s', async (protocol, _, swarmKey) => {
  const member = await peer({ swarmKey: KEY, listen: EVERYWHERE })
  const stranger = await peer({ listen: EVERYWHERE, ...(swarmKey === undefined ? {} : { swarmKey }) })
  const served = await serveEcho(member)
  const listed: string[] = []
  member.onPeer(({ peerId }) => listed.push(peerId))
  // a host of the open network takes whom it reaches for a peer, until it is cut off
  if (swarmKey !== undefined) stranger.onPeer(({ peerId }) => listed.push(peerId))

  const outcome = stranger
    .connect(addressWith(member, protocol as string))
    .then(() => echo(stranger, member.peerId, new Uint8Array([1])))
  await expect(outcome).rejects.toThrow()
  await Promise.all([
    until(member, () => member.libp2p.getConnections().length === 0),
    until(stranger, () => stranger.libp2p.getConnections().length === 0),
  ])
  expect(listed).toEqual([])
  expect(served()).toBe(0)
  // not even what identify would tell, either way
  expect(await agentOf(stranger, member.peerId)).toBeUndefined()
  expect(await agentOf(member, stranger.peerId)).toBeUndefined()
})

it.each([
  ['bytes that are no frame', new Uint8Array(64).fill(0xff)],
  ['a body that is no proof', encodeFrame({ kind: 'call', callId: 1, method: 'Prove', body: GARBAGE })],
  ['a frame over its limit', oversized()],
])(
  'gives nothing to a stranger that answers for its membership with %s, and goes on with members',
  async (_, bytes) => {
    const member = await peer({ swarmKey: KEY, listen: EVERYWHERE })
    const other = await peer({ swarmKey: KEY, listen: EVERYWHERE })
    const served = await serveEcho(member)
    const stranger = await peer({ listen: EVERYWHERE })
    const listed: string[] = []
    member.onPeer(({ peerId }) => listed.push(peerId))
    const connection = await stranger.libp2p.dial(multiaddr(addressWith(member, 'quic-v1')))
    const stream = await connection.newStream(MEMBERSHIP_PROTOCOL)
    stream.send(bytes)
    await until(stranger, () => stranger.libp2p.getConnections().length === 0)
    expect(listed).toEqual([])
    expect(served()).toBe(0)
    await other.connect(addressWith(member, 'quic-v1'))
    expect(await echo(other, member.peerId, GARBAGE)).toEqual(GARBAGE)
  },
)

/** A frame's prefix that announces a body of 2 GiB. */
function oversized(): Uint8Array {
  const bytes = encodeFrame({ kind: 'call', callId: 1, method: 'Prove', body: GARBAGE })
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(16, 0x7fff_ffff, true)
  return bytes
}

/** The agent that a host has been told by a peer. */
async function agentOf(host: Host, peerId: string): Promise<Uint8Array | undefined> {
  const known = await host.libp2p.peerStore.all()
  return known.find(({ id }) => id.toString() === peerId)?.metadata.get('AgentVersion')
}

it.each(['', 'secret', KEY.slice(1), `${KEY}0`, `zz${KEY.slice(2)}`, `/key/swarm/psk/1.0.0/\n/bin/\n${KEY}`])(
  'refuses %j as a key',
  async swarmKey => {
    await expect(createPeerHost({ swarmKey })).rejects.toMatchObject({ code: 'P2P_SWARM_KEY_MALFORMED' })
  },
)
