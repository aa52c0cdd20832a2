import { multiaddr } from '@multiformats/multiaddr'
import { systemRandom } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedialSchedule } from '../../src/discovery/redial.ts'
import { shuffle } from '../../src/discovery/shuffle.ts'
import { addressOrder } from '../../src/host/address-order.ts'
import { defaultHostLimits } from '../../src/index.ts'
import { createPeerLedger } from '../../src/limits/peer-ledger.ts'
import { createTokenBucket } from '../../src/limits/token-bucket.ts'
import { iceServers } from '../../src/nat/ice-servers.ts'
import { makeProof, proofHolds, proofKey } from '../../src/swarm/membership-proof.ts'
import { transportName } from '../../src/transport-name.ts'

const PEER = '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p'
const RELAY = `/ip4/5.6.7.8/tcp/4001/p2p/${PEER}/p2p-circuit`
const CERTHASH = 'uEiC0qgISBzAXLUnOhrtJb3KHd2w7sROFdE_jc-bsVbWnIA'

describe('token bucket', () => {
  it('never lets through more than its burst and what came back in the meantime', () => {
    const steps = fc.array(fc.record({ count: fc.nat(20), waitMs: fc.nat(5_000) }), { maxLength: 100 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 100 }),
        steps,
        (perSecond, burst, all) => {
          const bucket = createTokenBucket({ perSecond, burst }, 0)
          let now = 0
          let taken = 0
          for (const { count, waitMs } of all) {
            now += waitMs
            if (bucket.take(count, now)) taken += count
            expect(taken).toBeLessThanOrEqual(burst + (now * perSecond) / 1_000 + 1e-6)
          }
          expect(bucket.full(now + (burst / perSecond) * 1_000 + 1)).toBe(true)
        },
      ),
    )
  })
})

describe('peer ledger', () => {
  it('remembers so many peers, and those who misbehaved rather than those who did nothing', () => {
    const ledger = createPeerLedger({ ...defaultHostLimits, rememberedPeers: 10 })
    ledger.of('banned', 0).bannedUntilMs = 1_000
    for (let peer = 0; peer < 1_000; peer++) ledger.of(`peer ${peer}`, 0)
    expect(ledger.of('banned', 0).bannedUntilMs).toBe(1_000)
  })
})

describe('redial schedule', () => {
  it('waits twice as long after every failure, up to a minute, and not at all after a success', () => {
    const schedule = createRedialSchedule()
    const waits = Array.from({ length: 8 }, () => {
      schedule.failed('peer', 0)
      let now = 0
      while (!schedule.due('peer', now)) now += 1_000
      return now / 1_000
    })
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    schedule.reached('peer')
    expect(schedule.due('peer', 0)).toBe(true)
  })

  it('waits no longer than whoever has nobody else can afford', () => {
    const schedule = createRedialSchedule()
    for (let attempt = 0; attempt < 8; attempt++) schedule.failed('peer', 0)
    expect(schedule.due('peer', 7_999, 8_000)).toBe(false)
    expect(schedule.due('peer', 8_000, 8_000)).toBe(true)
    expect(schedule.due('peer', 8_000)).toBe(false)
  })
})

describe('shuffle', () => {
  it('keeps every item', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), items => {
        expect(shuffle(items, systemRandom).toSorted()).toEqual(items.toSorted())
      }),
    )
  })
})

describe('transport names', () => {
  it.each([
    ['tcp', '/ip4/1.2.3.4/tcp/1'],
    ['ws', '/ip4/1.2.3.4/tcp/1/ws'],
    ['ws', '/dns4/example.org/tcp/443/tls/ws'],
    ['quic', '/ip4/1.2.3.4/udp/1/quic-v1'],
    ['webrtc-direct', `/ip4/1.2.3.4/udp/1/webrtc-direct/certhash/${CERTHASH}`],
    ['relay', RELAY],
    ['webrtc', `${RELAY}/webrtc`],
  ])('%s', (name, address) => {
    expect(transportName(multiaddr(address))).toBe(name)
  })
})

describe('address order', () => {
  it('goes from public to near to relayed, and to other networks last', () => {
    const best = [
      '/ip4/5.6.7.8/tcp/4001',
      '/ip4/5.6.7.8/udp/4001/quic-v1',
      '/ip4/5.6.7.8/tcp/4002/ws',
      '/ip4/192.168.1.2/tcp/4001',
      '/ip4/127.0.0.1/tcp/4001',
      RELAY,
      `${RELAY}/webrtc`,
      '/ip4/10.9.8.7/tcp/4001',
    ]
    const order = addressOrder(address => address.toString().startsWith('/ip4/192.168.1.'))
    fc.assert(
      fc.property(fc.shuffledSubarray(best, { minLength: best.length }), mixed => {
        const addresses = mixed.map(text => ({ multiaddr: multiaddr(text), isCertified: false }))
        expect(addresses.sort(order).map(({ multiaddr }) => multiaddr.toString())).toEqual(best)
      }),
    )
  })
})

describe('ICE servers', () => {
  it('are the bootstrap nodes on the UDP ports of the same numbers, and no one else', () => {
    const bootstrap = [
      `/ip4/5.6.7.8/tcp/4001/p2p/${PEER}`,
      `/ip4/5.6.7.8/tcp/4002/ws/p2p/${PEER}`,
      `/ip6/2001:db8::1/tcp/4001/p2p/${PEER}`,
      `/dns4/boot.example.org/tcp/4001/p2p/${PEER}`,
      `/ip4/5.6.7.8/udp/4001/quic-v1/p2p/${PEER}`,
      `/ip4/5.6.7.8/tcp/4001/p2p/${PEER}`,
    ].map(address => multiaddr(address))
    expect(iceServers(bootstrap, ['stun:stun.example.org:3478'])).toEqual([
      { urls: ['stun:stun.example.org:3478'] },
      { urls: ['stun:5.6.7.8:4001'] },
      { urls: ['stun:5.6.7.8:4002'] },
      { urls: ['stun:[2001:db8::1]:4001'] },
      { urls: ['stun:boot.example.org:4001'] },
    ])
    expect(iceServers([])).toEqual([])
  })
})

describe('membership proofs', () => {
  it('hold for what they were made for, and for nothing else', () => {
    const nonce = fc.uint8Array({ minLength: 32, maxLength: 32 })
    const statement = fc.record(
      {
        caller: fc.constantFrom('a', 'b'),
        answerer: fc.constantFrom('a', 'b'),
        callerNonce: nonce,
        answererNonce: nonce,
      },
      { requiredKeys: ['caller', 'answerer', 'callerNonce'] },
    )
    const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)].map(proofKey) as [
      Uint8Array,
      Uint8Array,
    ]
    fc.assert(
      fc.property(statement, statement, (one, other) => {
        const proof = makeProof(keys[0], one)
        expect(proofHolds(keys[0], one, proof)).toBe(true)
        expect(proofHolds(keys[1], one, proof)).toBe(false)
        expect(proofHolds(keys[0], one, proof.subarray(1))).toBe(false)
        expect(proofHolds(keys[0], other, proof)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
    )
  })
})
