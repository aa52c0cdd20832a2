import { describe, expect, it } from 'vitest'
import { hearFrom } from '../../src/chain/gossip/hear.js'
import { newPeer } from '../../src/chain/gossip/peer.js'
import { HandClock } from './hand-clock.js'

const genesisHash = new Uint8Array(32)
const settings = { messagesPerSecond: 1, bytesPerSecond: 1 }

/** Hears a peer who says this and then nothing more; `isClosed` tells whether its stream was given up. */
function hear(...said: object[]) {
  const clock = new HandClock()
  let isClosed = false
  const messages = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const body = said.shift()
        return body === undefined
          ? new Promise<never>(() => {})
          : Promise.resolve({ done: false as const, value: { body, attachments: [] } })
      },
      return: () => {
        isClosed = true
        return Promise.resolve({ done: true as const, value: undefined })
      },
    }),
  }
  const nothing = (): void => {}
  const ending = new AbortController()
  const heard = hearFrom(newPeer('a'), messages, ending.signal, {
    chainId: 'here-1',
    genesisHash,
    take: nothing,
    onHeard: nothing,
    penalise: nothing,
    isSpent: () => false,
    clock,
    settings,
  })
  return { clock, heard, ending, isClosed: () => isClosed }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('a stream of gossip', () => {
  it('that says nothing is closed after a few seconds', async () => {
    const { clock, heard, isClosed } = hear()
    clock.advance(4_999)
    await turn()
    expect(isClosed()).toBe(false)
    clock.advance(1)
    await heard
    expect(isClosed()).toBe(true)
  })

  it('that has said of which chain it speaks may be silent', async () => {
    const { clock, heard, ending, isClosed } = hear({ hello: { chainId: 'here-1', genesis: genesisHash } })
    await turn()
    clock.advance(3_600_000)
    await turn()
    expect(isClosed()).toBe(false)
    ending.abort()
    await heard
    expect(isClosed()).toBe(true)
  })
})
