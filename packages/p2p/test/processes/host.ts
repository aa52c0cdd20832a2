/**
 * A host in a process of its own, for tests: its init comes as JSON in the first argument, and it prints one JSON
 * object a line: `ready` once, `peers` at every change, `echo` as the answer to each peer id that it reads; addresses
 * that it reads are dialled.
 */
import { createInterface } from 'node:readline'
import { createBootstrapHost, createPeerHost } from '@neurovoyance/p2p/node'
import { type Codec, LIMITS, type ServiceDefinition } from '@neurovoyance/protocol'

const bytes: Codec<Uint8Array> = { encode: value => value, decode: value => value.slice() }

const Echo = {
  name: 'test-echo',
  version: '1.0.0',
  methods: {
    Echo: {
      name: 'Echo',
      kind: 'unary',
      request: bytes,
      response: bytes,
      maxAttachmentBytes: LIMITS.inferAttachmentBytes,
    },
  },
} as const satisfies ServiceDefinition

const say = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`)

const { role, ...init } = JSON.parse(process.argv[2] ?? '{}')
const host = role === 'bootstrap' ? await createBootstrapHost(init) : await createPeerHost(init)
host.rpc.serve(Echo, { Echo: ({ body, attachments }) => ({ body, attachments }) })

const sayPeers = (): void => say({ event: 'peers', peers: host.peers(), addresses: host.addresses() })
for (const event of ['connection:open', 'connection:close', 'peer:identify', 'self:peer:update'] as const) {
  host.libp2p.addEventListener(event, sayPeers)
}

say({ event: 'ready', peerId: host.peerId, addresses: host.addresses() })
sayPeers()

const ATTACHMENT_BYTES = 1024 * 1024
createInterface({ input: process.stdin })
  .on('line', async peerId => {
    if (peerId.startsWith('/')) return void (await host.connect(peerId))
    const sent = crypto.getRandomValues(new Uint8Array(ATTACHMENT_BYTES / 16))
    const { attachments } = await host.rpc.call(peerId, Echo, 'Echo', {
      body: new Uint8Array([1]),
      attachments: Array.from({ length: 16 }, () => sent),
    })
    const same = attachments.every(received => Buffer.compare(received, sent) === 0)
    const transport = host.peers().find(peer => peer.peerId === peerId)?.transport
    say({ event: 'echo', peerId, same, bytes: attachments.length * sent.length, transport })
  })
  .on('close', () => host.close())
