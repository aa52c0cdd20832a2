import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { systemClock } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defaultHostLimits } from '../../src/index.ts'
import {
  decodeBindingRequest,
  encodeBindingSuccess,
  encodeUnknownAttribute,
} from '../../src/nat/stun-message.ts'
import { createStunServer } from '../../src/node/stun-server.ts'

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

/** RFC 5769, 2.1: a request with SOFTWARE, PRIORITY, ICE-CONTROLLED, USERNAME, MESSAGE-INTEGRITY, FINGERPRINT. */
const RFC5769_REQUEST = hex(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`)

describe('messages', () => {
  it("reads the RFC's request", () => {
    expect(decodeBindingRequest(RFC5769_REQUEST)).toEqual({
      transaction: hex('2112a442 b7e7a701bc34d686fa87dfae'),
      unknownAttributes: [],
    })
  })

  it("hides addresses as the RFC's responses do", () => {
    const request = decodeBindingRequest(RFC5769_REQUEST)
    if (request === undefined) return expect.unreachable()
    const from = { family: 4, address: Uint8Array.of(192, 0, 2, 1), port: 32853 } as const
    // RFC 5769, 2.2 and 2.3: XOR-MAPPED-ADDRESS
    expect(encodeBindingSuccess(request, from).slice(20)).toEqual(hex('00200008 0001a147 e112a643'))
    const address = hex('20010db8 12345678 00112233 44556677')
    expect(encodeBindingSuccess(request, { family: 6, address, port: 32853 }).slice(20)).toEqual(
      hex('00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9'),
    )
  })

  it('names what it must understand and does not', () => {
    const request = decodeBindingRequest(hex('00010008 2112a442 000000000000000000000000 0bad0002 00010000'))
    expect(request?.unknownAttributes).toEqual([0x0bad])
    if (request === undefined) return
    expect(encodeUnknownAttribute(request)).toEqual(
      hex('01110010 2112a442 000000000000000000000000 00090004 00000414 000a0002 0bad0000'),
    )
  })

  it('takes nothing that is not a binding request of the size it says', () => {
    fc.assert(
      fc.property(fc.nat(RFC5769_REQUEST.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = RFC5769_REQUEST.slice()
        changed[at] = byte
        const request = decodeBindingRequest(changed)
        const headerBytes = [0, 1, 2, 3, 4, 5, 6, 7]
        const same = changed[at] === RFC5769_REQUEST[at]
        expect(request === undefined || same || !headerBytes.includes(at)).toBe(true)
        expect(decodeBindingRequest(RFC5769_REQUEST.subarray(0, at))).toBeUndefined()
      }),
    )
  })

  it('reads any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), bytes => {
        const request = decodeBindingRequest(bytes)
        expect(request === undefined || request.transaction.length === 16).toBe(true)
      }),
    )
  })
})

describe('server', () => {
  async function client() {
    const socket = createSocket('udp4')
    onTestFinished(() => void socket.close())
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return socket
  }

  it('tells a client its own address', async () => {
    const server = await createStunServer({
      host: '127.0.0.1',
      port: 0,
      limits: defaultHostLimits,
      clock: systemClock,
    })
    onTestFinished(() => server.close())
    const socket = await client()
    socket.send(RFC5769_REQUEST, server.port, '127.0.0.1')
    const [answer] = (await once(socket, 'message')) as [Buffer]
    expect(answer.readUInt16BE(0)).toBe(0x0101)
    expect(answer.readUInt16BE(26) ^ 0x2112).toBe(socket.address().port)
    expect((answer.readUInt32BE(28) ^ 0x2112a442) >>> 0).toBe(0x7f000001)
  })

  it('answers no more than its limit, and again later', async () => {
    let now = 0
    const clock = { ...systemClock, monotonicMs: () => now }
    const limits = { ...defaultHostLimits, stunPerSecondPerAddress: 3 }
    const server = await createStunServer({ host: '127.0.0.1', port: 0, limits, clock })
    onTestFinished(() => server.close())
    const socket = await client()
    let answers = 0
    socket.on('message', () => answers++)
    const ask = () => socket.send(RFC5769_REQUEST, server.port, '127.0.0.1')
    for (let request = 0; request < 10; request++) ask()
    for (let answer = 0; answer < 3; answer++) await once(socket, 'message')
    now = 1_000
    ask()
    await once(socket, 'message')
    expect(answers).toBe(4)
  })
})
