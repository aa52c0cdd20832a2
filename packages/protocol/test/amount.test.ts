import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAmount, parseAmount } from '../src/amount.js'
import { expectCode } from './expect-code.js'

describe('amounts', () => {
  it.each([
    ['12', 12_000_000_000n],
    ['0.5', 500_000_000n],
    ['0.000000001', 1n],
    [' 1_000.25 NVY ', 1_000_250_000_000n],
    ['9223372036.854775807', (1n << 63n) - 1n],
  ])('%s is read', (text, amount) => {
    expect(parseAmount(text)).toBe(amount)
  })

  it.each(['', '-1', '1.', '.5', '1.0000000001', '1e9', '0x10', 'NVY', '9223372036.854775808', '1,5', '９'])(
    '%s is refused',
    text => {
      expectCode('PROTOCOL_MALFORMED', () => parseAmount(text))
    },
  )

  it('come back from their text', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 63n) - 1n), amount => {
        expect(parseAmount(formatAmount(amount))).toBe(amount)
      }),
    )
    expect(formatAmount(-1_500_000_000n)).toBe('-1.5')
  })
})
