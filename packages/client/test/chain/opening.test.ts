import { type Clock, NeurovoyanceError, systemClock } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { openChainReader } from '../../src/chain/index.js'
import { nodesOf } from './nodes.js'
import { TestChain, walletOf } from './test-chain.js'

/** A clock on which every wait is over when whoever else has something to do has done it. */
function eagerClock(): Clock & { readonly waitedMs: number } {
  let waitedMs = 0
  return {
    get waitedMs() {
      return waitedMs
    },
    now: () => systemClock.now(),
    monotonicMs: () => waitedMs,
    after(delayMs, callback) {
      const pending = setImmediate(() => {
        waitedMs += delayMs
        callback()
      })
      return () => clearImmediate(pending)
    },
  }
}

/** A call to which no answer came in time. */
function noAnswer(): never {
  throw new NeurovoyanceError('P2P_DEADLINE_EXCEEDED', 'no answer in 5 s')
}

/** Is silent so many times, and honest then. */
const silentFor = (times: number) => {
  let asked = 0
  return (honest: unknown) => (asked++ < times ? noAnswer() : honest)
}

describe('opening a chain whose nodes do not answer yet', () => {
  let chain: TestChain
  let clock: ReturnType<typeof eagerClock>

  beforeEach(() => {
    chain = new TestChain({ startMs: systemClock.now() - 60_000, clients: [walletOf(1).address] })
    clock = eagerClock()
  })

  it.each(['Status', 'LightBlock'])('asks again where every answer to %s is too late', async method => {
    const nodes = nodesOf({
      first: { chain, lies: { [method]: silentFor(3) } },
      second: { chain, lies: { [method]: silentFor(2) } },
    })
    const reader = await openChainReader({ host: nodes, genesis: chain.genesis, clock })
    expect(reader.trusted.height).toBe(1)
    const asked = nodes.calls.filter(call => call.method === method).map(({ node }) => node)
    expect(asked.filter(node => node === 'second').length).toBeGreaterThan(2)
  })

  it('takes a peer that connects meanwhile, be there none before or a silent one', async () => {
    for (const there of [[], ['silent']]) {
      const nodes = nodesOf({ silent: { chain, lies: { Status: noAnswer } }, late: { chain } })
      let looks = 0
      const peers = () => (looks++ < 4 ? there : [...there, 'late'])
      const host = { call: nodes.call, peers }
      const reader = await openChainReader({ host, genesis: chain.genesis, clock })
      expect((await reader.nodes()).map(({ peerId }) => peerId)).toEqual(['late'])
    }
  })

  it('gives up when its time is over, and says what was tried', async () => {
    const other = new TestChain({ startMs: chain.genesis.timeMs, clients: [walletOf(2).address] })
    const host = nodesOf({ silent: { chain, lies: { Status: noAnswer } }, other: { chain: other } })
    const { genesis } = chain
    await expect(openChainReader({ host, genesis, clock, openWithinMs: 5_000 })).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      message: expect.stringContaining('1 of 2 connected peers did not answer'),
      details: {
        rounds: 21,
        attempts: [
          { node: 'silent', code: 'P2P_DEADLINE_EXCEEDED' },
          { node: 'other', message: expect.stringContaining('another chain') },
        ],
      },
    })
    expect(clock.waitedMs).toBe(5_000)
    expect(host.calls.filter(({ node }) => node === 'silent')).toHaveLength(21)
  })

  it('does not wait for a peer that does not know the service: it said so', async () => {
    const Status = () => {
      throw new NeurovoyanceError('P2P_UNSUPPORTED_SERVICE', 'no such service')
    }
    const host = nodesOf({ plain: { chain, lies: { Status } } })
    await expect(openChainReader({ host, genesis: chain.genesis, clock })).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      details: { attempts: [{ node: 'plain', code: 'P2P_UNSUPPORTED_SERVICE' }] },
    })
    expect(clock.waitedMs).toBe(0)
  })

  it('stops with its signal', async () => {
    const stop = new AbortController()
    const { genesis } = chain
    const opening = openChainReader({ host: nodesOf({}), genesis, signal: stop.signal })
    const stopped = expect(opening).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await stopped
  })
})
