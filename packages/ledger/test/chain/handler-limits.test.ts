import { errorCode, LIMITS } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import type { HandlerParts } from '../../src/chain/peers/handler-parts.js'
import { createHandlers } from '../../src/chain/peers/handlers.js'
import { HandClock } from './hand-clock.js'

const never = (): Promise<never> => new Promise(() => {})

/** Handlers of a chain that answers nothing but what is given. */
function handlersOf(chain: Partial<HandlerParts['chain']>) {
  const clock = new HandClock()
  const none = (): never => {
    throw new RangeError('not here')
  }
  const handlers = createHandlers({
    chain: {
      chainId: 'limits-1',
      genesisHash: new Uint8Array(32),
      catchingUp: false,
      head: () => ({ height: 1 }) as ReturnType<HandlerParts['chain']['head']>,
      submit: none,
      transaction: none,
      settled: none,
      proveTransaction: none,
      proven: none,
      reached: never,
      entries: none,
      lightBlock: none,
      ...chain,
    },
    baseFee: () => 1n,
    blocks: { first: 1, last: 1, block: () => undefined },
    gossip: { receive: none },
    clock,
  })
  return { clock, handlers }
}

const caller = (peerId: string) => ({ peerId, signal: new AbortController().signal })
const asked = <Body>(body: Body) => ({ body, attachments: [] })

describe('a chain’s answers', () => {
  it('that would be too large are refused before anything is waited for', async () => {
    const value = new Uint8Array(LIMITS.chainValuesBytes / 2)
    const values = ['a', 'b'].map(key => ({ key, value, proof: new Uint8Array(1) }))
    const { handlers } = handlersOf({ proven: () => ({ height: 2, values }) })
    const answer = handlers.Values(asked({ keys: ['a', 'b'] }), caller('peer'))
    expect(await answer.catch(errorCode)).toBe('LEDGER_TOO_LARGE')
  })

  it('come later to a peer who asks for too much, then not at all, and to others at once', async () => {
    const { clock, handlers } = handlersOf({ entries: async () => [] })
    const answered: Record<string, number> = {}
    const ask = (peerId: string) =>
      handlers
        .History(asked({ account: new Uint8Array(32), limit: 256, before: undefined }), caller(peerId))
        .then(() => 'answered', errorCode)
        .then(end => {
          answered[end ?? ''] = (answered[end ?? ''] ?? 0) + 1
        })
    const all = Array.from({ length: 4_000 }, () => ask('greedy'))
    await new Promise(resolve => setImmediate(resolve))
    const { answered: first = 0, LEDGER_BUSY: refused = 0 } = answered
    expect(first).toBeGreaterThan(64)
    expect(refused).toBeGreaterThan(0)
    expect(first + refused).toBeLessThan(4_000)
    await ask('modest')
    expect(answered.answered).toBe(first + 1)
    clock.advance(4_000)
    await Promise.all(all)
    expect(answered).toEqual({ answered: 4_001 - refused, LEDGER_BUSY: refused })
  })
})
