import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '@neurovoyance/protocol'
import type { HostLimits } from '../limits/host-limits.js'
import { createTokenBucket, type TokenBucket } from '../limits/token-bucket.js'
import {
  decodeBindingRequest,
  encodeBindingSuccess,
  encodeUnknownAttribute,
  type TransportAddress,
} from '../nat/stun-message.js'

/** What a STUN server is made from. */
export interface StunServerInit {
  host: string
  port: number
  limits: HostLimits
  clock: Clock
}

/** A server that tells peers how their addresses look from outside (RFC 5389 binding requests). */
export interface StunServer {
  readonly port: number
  close(): Promise<void>
}

/** Addresses whose rate is remembered; the one seen longest ago is forgotten first. */
const REMEMBERED_ADDRESSES = 4_096

/** Starts to answer STUN on a UDP port. Rejects with the socket's own error (`EADDRINUSE`). */
export async function createStunServer({ host, port, limits, clock }: StunServerInit): Promise<StunServer> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  const admit = createAdmission(limits, clock)
  socket.on('message', (packet, from) => {
    if (admit(from.address)) answer(socket, packet, from)
  })
  socket.bind(port, host)
  await once(socket, 'listening')
  // a packet that could not be sent is a packet lost
  socket.on('error', () => {})
  return {
    port: socket.address().port,
    async close() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

function answer(socket: Socket, packet: Uint8Array, from: RemoteInfo): void {
  const request = decodeBindingRequest(packet)
  if (request === undefined) return
  const reply =
    request.unknownAttributes.length > 0
      ? encodeUnknownAttribute(request)
      : encodeBindingSuccess(request, transportAddress(from))
  socket.send(reply, from.port, from.address)
}

function transportAddress({ address, family, port }: RemoteInfo): TransportAddress {
  const ip = address.split('%')[0]
  const bytes = multiaddr(`/${family === 'IPv6' ? 'ip6' : 'ip4'}/${ip}`).bytes.subarray(1)
  return { family: family === 'IPv6' ? 6 : 4, address: bytes, port }
}

function createAdmission(limits: HostLimits, clock: Clock): (address: string) => boolean {
  const bucket = (perSecond: number): TokenBucket =>
    createTokenBucket({ perSecond, burst: perSecond }, clock.monotonicMs())
  const all = bucket(limits.stunPerSecond)
  const byAddress = new Map<string, TokenBucket>()
  return address => {
    const known = byAddress.get(address) ?? bucket(limits.stunPerSecondPerAddress)
    byAddress.delete(address)
    byAddress.set(address, known)
    if (byAddress.size > REMEMBERED_ADDRESSES) byAddress.delete(byAddress.keys().next().value as string)
    return known.take(1, clock.monotonicMs()) && all.take(1, clock.monotonicMs())
  }
}
