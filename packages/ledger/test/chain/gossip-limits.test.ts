import { describe, expect, it } from 'vitest'
import { Pace } from '../../src/chain/gossip/pace.js'
import { Penalties } from '../../src/chain/gossip/penalties.js'
import { RecentSet } from '../../src/chain/gossip/recent.js'
import { rememberingVerifier } from '../../src/chain/gossip/signatures.js'
import { HandClock } from './hand-clock.js'

describe('limits', () => {
  it('a pace lets a second’s worth through at once, and then so much a second', () => {
    const clock = new HandClock()
    const pace = new Pace(clock, 100)
    expect(pace.use(100)).toBe(0)
    expect(pace.use(50)).toBe(500)
    clock.advance(500)
    expect(pace.use(0)).toBe(0)
    clock.advance(60_000)
    expect(pace.use(150)).toBe(500)
  })

  it('penalties end, and are longer each time', () => {
    const clock = new HandClock()
    const penalties = new Penalties(clock, { penaltyMs: 1_000, maxPenaltyMs: 3_000 })
    expect(penalties.remainingMs('a')).toBe(0)
    for (const lengthMs of [1_000, 2_000, 3_000]) {
      expect(penalties.add('a')).toBe(true)
      expect(penalties.remainingMs('a')).toBe(lengthMs)
      clock.advance(lengthMs)
      expect(penalties.remainingMs('a')).toBe(0)
    }
    for (let peer = 0; peer < 2_000; peer++) penalties.add(`peer ${peer}`)
    expect(penalties.remainingMs('a')).toBe(0)
  })

  it('a penalty is for an offence, however much of it comes out while the peer is left alone', () => {
    const clock = new HandClock()
    const penalties = new Penalties(clock, { penaltyMs: 1_000, maxPenaltyMs: 3_600_000 })
    const added = Array.from({ length: 100 }, () => penalties.add('a'))
    expect(added.filter(Boolean)).toHaveLength(1)
    clock.advance(1_000)
    penalties.add('a')
    expect(penalties.remainingMs('a')).toBe(2_000)
  })

  it('a memory holds the newest, and forgets the oldest', () => {
    const recent = new RecentSet(10)
    for (let name = 0; name < 100; name++) expect(recent.add(String(name))).toBe(true)
    for (let name = 90; name < 100; name++) expect(recent.add(String(name))).toBe(false)
    for (let name = 0; name < 80; name++) expect(recent.has(String(name))).toBe(false)
    recent.age()
    recent.age()
    expect(recent.has('99')).toBe(false)
  })

  it('a signature that held is not checked again, one that did not is', () => {
    let checks = 0
    const verify = rememberingVerifier((_, message) => {
      checks++
      return message.length === 1
    })
    const key = new Uint8Array(32)
    const signature = new Uint8Array(64)
    expect(verify(key, new Uint8Array(1), signature)).toBe(true)
    expect(verify(key, new Uint8Array(1), signature)).toBe(true)
    expect(checks).toBe(1)
    expect(verify(key, new Uint8Array(2), signature)).toBe(false)
    expect(verify(key, new Uint8Array(2), signature)).toBe(false)
    expect(checks).toBe(3)
  })
})
