import type { ChainAccess } from '@neurovoyance/ledger'
import { silentLogger } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import type { ClientContext } from '../../src/context.js'
import { createPayments } from '../../src/pay/index.js'
import type { PaidWork } from '../../src/paying-port.js'
import { walletFromKey } from '../../src/wallet/index.js'

describe('a request that waits for a chain to open', () => {
  it('ends with its own signal, while others wait on; the opening ends with the client', async () => {
    const closing = new AbortController()
    let openings = 0
    const payments = createPayments({
      access: (_, { signal }) => {
        openings++
        return new Promise<ChainAccess>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
      },
      wallet: walletFromKey(new Uint8Array(32).fill(1)),
      budget: 1_000_000_000n,
    })
    // nobody has offered to work for nothing
    const market = { hosts: () => new Map() }
    payments.start({ market, closing: closing.signal, logger: silentLogger } as unknown as ClientContext)
    const [first, second] = [new AbortController(), new AbortController()]
    const quote = ({ signal }: AbortController) =>
      payments.quote({ signal, resolved: { model: 'any' } } as PaidWork)
    const given = quote(first)
    const waiting = quote(second)
    const waited = expect(waiting).rejects.toThrow('closed')
    first.abort(new Error('enough'))
    await expect(given).rejects.toMatchObject({ code: 'CLIENT_CANCELLED', cause: { message: 'enough' } })
    closing.abort(new Error('closed'))
    await waited
    expect(openings).toBe(1)
  })
})
