import { describe, expect, it } from 'vitest'
import { delivered } from '../../src/payments/delivered.js'
import type { ChargedWork } from '../../src/payments/node-till.js'

function charged(durable: Promise<void>) {
  const ends: string[] = []
  const work: ChargedWork = {
    charge: { units: 1n, amount: 1n, spent: 1n, accepted: 1n },
    durable,
    refund: () => void ends.push('given back'),
    keep: () => void ends.push('kept'),
  }
  return { work, ends }
}

describe('an answer that is paid', () => {
  const { signal } = new AbortController()

  it('is delivered, and kept, when its charge is on disk', async () => {
    let write!: () => void
    const { work, ends } = charged(new Promise(resolve => (write = resolve)))
    const answer = delivered(Promise.resolve('answer'), work, signal)
    expect(ends).toEqual([])
    write()
    expect(await answer).toBe('answer')
    expect(ends).toEqual(['kept'])
  })

  it('is not delivered, and given back, where its charge could not be written or the run failed', async () => {
    const full = charged(Promise.reject(new Error('disk')))
    await expect(delivered(Promise.resolve('answer'), full.work, signal)).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REFUSED',
      details: { reason: 'disk' },
    })
    const failed = charged(Promise.resolve())
    await expect(delivered(Promise.reject(new Error('run')), failed.work, signal)).rejects.toThrow('run')
    expect([full.ends, failed.ends]).toEqual([['given back'], ['given back']])
  })
})
