import type { MethodDefinition } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { protocolIds } from '../../src/rpc/index.js'
import { EchoService, jsonCodec } from './echo-service.js'
import { TestNetwork } from './network.js'

interface NewText {
  text: string
  /** Came with 1.1.0. */
  shout?: boolean
}

const Echo: MethodDefinition<NewText, NewText, 'unary'> = {
  name: 'Echo',
  kind: 'unary',
  request: jsonCodec<NewText>(),
  response: jsonCodec<NewText>(),
  maxAttachmentBytes: 0,
}

/** The next minor version: a field and a method more. */
const NewEchoService = {
  name: EchoService.name,
  version: '1.1.0',
  methods: { Echo, Reverse: { ...Echo, name: 'Reverse' } },
} as const

const echoNew = ({ body: { text, shout } }: { body: NewText }) => ({
  body: { text: shout === true ? text.toUpperCase() : text },
})
const reverse = ({ body: { text } }: { body: NewText }) => ({ body: { text: [...text].reverse().join('') } })

describe('versions of a service', () => {
  it('a new client calls an old server: what is new is left out or refused', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, { Echo: ({ body }) => ({ body: { text: body.text } }) })
    const message = { body: { text: 'hello', shout: true } }
    const { body } = await client.rpc.call(server.peerId, NewEchoService, 'Echo', message)
    expect(body).toEqual({ text: 'hello' })
    const reversed = client.rpc.call(server.peerId, NewEchoService, 'Reverse', message)
    await expect(reversed).rejects.toMatchObject({
      code: 'P2P_UNSUPPORTED_METHOD',
      details: { method: 'Reverse' },
    })
  })

  it('an old client calls a new server', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(NewEchoService, { Echo: echoNew, Reverse: reverse })
    const { body } = await client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: 'hello' } })
    expect(body).toEqual({ text: 'hello' })
  })

  it('two of the same version meet at it', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(NewEchoService, { Echo: echoNew, Reverse: reverse })
    const { body } = await client.rpc.call(server.peerId, NewEchoService, 'Reverse', {
      body: { text: 'hello' },
    })
    expect(body).toEqual({ text: 'olleh' })
    const protocols = client.libp2p.getConnections()[0]!.streams.map(({ protocol }) => protocol)
    expect(protocols).toContain('/neurovoyance/test.echo/1.1.0')
  })

  it('another major version is another service', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve({ ...EchoService, version: '2.0.0' }, { Echo: ({ body }) => ({ body }) })
    const call = client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } })
    await expect(call).rejects.toMatchObject({ code: 'P2P_UNSUPPORTED_SERVICE' })
  })
})

describe('protocol ids', () => {
  it('start with the own version', () => {
    expect(protocolIds({ name: 'a', version: '1.2.3' })).toEqual([
      '/neurovoyance/a/1.2.3',
      '/neurovoyance/a/1.2.0',
      '/neurovoyance/a/1.1.0',
      '/neurovoyance/a/1.0.0',
    ])
  })

  it('of two versions meet where the major is the same and minors are near, and nowhere else', () => {
    const version = fc.record({ major: fc.nat(3), minor: fc.nat(16), patch: fc.nat(3) })
    fc.assert(
      fc.property(version, version, (left, right) => {
        const ids = ({ major, minor, patch }: typeof left) =>
          protocolIds({ name: 'a', version: `${major}.${minor}.${patch}` })
        const met = ids(left).filter(id => ids(right).includes(id))
        expect(met.length > 0).toBe(left.major === right.major)
      }),
    )
  })

  it.each(['1', '1.2', '01.2.3', '1.2.3-beta', '', 'v1.2.3'])('refuses the version "%s"', version => {
    expect(() => protocolIds({ name: 'a', version })).toThrow(
      expect.objectContaining({ code: 'P2P_INVALID_INIT' }),
    )
  })
})
