import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createSessionCache,
  dropSession,
  evictSessions,
  putSession,
  touchSession,
} from '../../src/core/session-cache.js'

describe('session cache', () => {
  it('evicts the least recently used first, and only as many as needed', () => {
    const cache = createSessionCache(10)
    for (const id of ['a', 'b', 'c']) putSession(cache, id, 3)
    touchSession(cache, 'a')
    expect(evictSessions(cache, 4)).toEqual(['b'])
    expect([...cache.bytesById.keys()]).toEqual(['c', 'a'])
  })

  it('keeps the session it is told to, even one that is too large', () => {
    const cache = createSessionCache(10)
    putSession(cache, 'a', 3)
    putSession(cache, 'b', 30)
    expect(evictSessions(cache, 0, 'b')).toEqual(['a'])
    expect(cache.usedBytes).toBe(30)
  })

  it('agrees with a list in order of use', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const action = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), id, bytes: fc.integer({ min: 0, max: 60 }) }),
      fc.record({ kind: fc.constant('touch' as const), id }),
      fc.record({ kind: fc.constant('drop' as const), id }),
      fc.record({ kind: fc.constant('evict' as const), bytes: fc.integer({ min: 0, max: 120 }) }),
    )
    fc.assert(
      fc.property(fc.array(action), actions => {
        const cache = createSessionCache(100)
        let list: { id: string; bytes: number }[] = []
        const used = () => list.reduce((sum, { bytes }) => sum + bytes, 0)
        for (const each of actions) {
          if (each.kind === 'evict') {
            const evicted: string[] = []
            while (list.length > 0 && used() + each.bytes > 100) evicted.push(list.shift()!.id)
            expect(evictSessions(cache, each.bytes)).toEqual(evicted)
          } else {
            const known = list.find(({ id }) => id === each.id)
            list = list.filter(({ id }) => id !== each.id)
            if (each.kind === 'put') {
              list.push(each)
              putSession(cache, each.id, each.bytes)
            } else if (each.kind === 'touch') {
              if (known !== undefined) list.push(known)
              expect(touchSession(cache, each.id)).toBe(known !== undefined)
            } else {
              expect(dropSession(cache, each.id)).toBe(known !== undefined)
            }
          }
          expect([...cache.bytesById.keys()]).toEqual(list.map(({ id }) => id))
          expect(cache.usedBytes).toBe(used())
        }
      }),
    )
  })
})
