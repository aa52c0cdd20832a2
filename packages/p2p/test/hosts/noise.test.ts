import { type AddressInfo, connect, createServer } from 'node:net'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { expect, it, onTestFinished } from 'vitest'
import { nodeNoise } from '../../src/node/noise.ts'

const ECHO = '/noise-test/echo/1.0.0'
/** Around the sizes at which ciphers change, what is sent is gathered or joined, and Noise begins another message. */
const SIZES = [
  1, 484, 499, 500, 512, 4096, 32_756, 32_757, 65_507, 65_519, 65_520, 131_072, 131_073, 1_000_000,
]

async function node(encrypter: ReturnType<typeof noise>): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [encrypter],
    streamMuxers: [yamux()],
  })
  onTestFinished(() => libp2p.stop())
  await libp2p.handle(ECHO, stream => {
    stream.addEventListener('message', ({ data }) => void stream.send(data.subarray()))
  })
  return libp2p
}

/** What comes back of bytes that are sent on a new stream. */
async function echoed(from: Libp2p, to: Libp2p, bytes: Uint8Array): Promise<Uint8Array> {
  const stream = await from.dialProtocol(to.getMultiaddrs(), ECHO)
  const back = new Uint8Array(bytes.length)
  let length = 0
  const whole = new Promise<void>((resolve, reject) => {
    stream.addEventListener('close', ({ error }) => reject(error ?? new Error('the stream was closed')))
    stream.addEventListener('message', ({ data }) => {
      back.set(data.subarray(), length)
      length += data.byteLength
      if (length === bytes.length) resolve()
    })
  })
  stream.send(bytes)
  await whole
  await stream.close()
  return back
}

it.each([
  ['ours to ours', nodeNoise, nodeNoise],
  ["ours to libp2p's own", nodeNoise, noise],
  ["libp2p's own to ours", noise, nodeNoise],
] as const)('carries bytes of every size unchanged: %s', async (_, dialling, listening) => {
  const from = await node(dialling())
  const to = await node(listening())
  for (const size of SIZES) {
    const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31 + size) & 0xff)
    expect(Buffer.compare(await echoed(from, to, bytes), bytes), `${size} bytes`).toBe(0)
  }
})

it('closes a connection on which a byte was changed', async () => {
  const from = await node(nodeNoise())
  const to = await node(nodeNoise())
  const port = Number(/\/tcp\/(\d+)/.exec(String(to.getMultiaddrs()[0]))![1])
  let changes = false
  const proxy = createServer(socket => {
    const onward = connect(port, '127.0.0.1')
    socket.on('data', chunk => {
      if (changes) chunk[chunk.length - 100]! ^= 1
      onward.write(chunk)
    })
    onward.on('data', chunk => socket.write(chunk))
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('close', () => other.destroy()).on('error', () => other.destroy())
    }
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const address = `/ip4/127.0.0.1/tcp/${(proxy.address() as AddressInfo).port}/p2p/${to.peerId}`
  const stream = await from.dialProtocol(multiaddr(address), ECHO)
  const closed = new Promise<void>(resolve => stream.addEventListener('close', () => resolve()))
  const first = new Promise<void>(resolve =>
    stream.addEventListener('message', () => resolve(), { once: true }),
  )
  stream.send(new Uint8Array(100))
  await first
  let answered = false
  stream.addEventListener('message', () => {
    answered = true
  })
  changes = true
  stream.send(new Uint8Array(4096))
  await closed
  expect(answered).toBe(false)
})
