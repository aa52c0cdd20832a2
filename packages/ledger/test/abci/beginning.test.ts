import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { timestampOf } from '../../src/abci/messages/common.js'
import { genesisState, idOf } from '../../src/index.js'
import { alice, appStateOf, asBytes, carol, genesis, Served, validators } from './served.js'
import { GENESIS_MS, genesisWith } from './world.js'

let served: Served
beforeEach(async () => {
  served = await Served.inNewFolder()
})
afterEach(() => served.stop())

describe('an application for CometBFT', () => {
  it('echoes, flushes, and says where it is', async () => {
    expect(await served.ask('echo', { message: 'hello' })).toEqual({ message: 'hello' })
    expect(await served.ask('flush')).toEqual({})
    const info = await served.ask('info', { version: '0.38.25' })
    expect(info).toMatchObject({ data: 'neurovoyance', appVersion: 1, lastBlockHeight: 0 })
    expect(info.lastBlockAppHash).toHaveLength(0)
  })

  it('begins with the genesis: its root, its validators, and what a block may hold', async () => {
    const begun = await served.begin()
    const { changes } = genesisState(served.application.machine, genesis)
    expect(begun.validators.map(({ pubKey, power }) => [idOf(pubKey!.ed25519), power])).toEqual(
      validators.map(key => [idOf(key), 100_000]).sort(),
    )
    expect(begun.appHash).toEqual(served.application.head!.root)
    expect(begun.consensusParams!.block!.maxGas).toBe(2_000_000)
    expect(begun.consensusParams!.evidence!.maxAgeDuration!.seconds).toBe(20 * 24 * 3600)
    expect(changes.size).toBeGreaterThan(3)
    // after a crash before the first block it is asked again, and says the same
    await served.restart()
    expect(await served.begin()).toEqual(begun)
  })

  it.each([
    ['another chain', { chainId: 'other-1' }],
    ['another time', { time: timestampOf(GENESIS_MS + 1) }],
    ['another first height', { initialHeight: 5 }],
    ['no genesis', { appStateBytes: asBytes(null) }],
    ['no JSON', { appStateBytes: asBytes('x').subarray(1) }],
  ])('does not begin with %s', async (_name, wrong) => {
    await expect(served.begin(wrong)).rejects.toThrow(/^exception/)
    await served.engine.ended()
    expect(served.application.head).toBeUndefined()
  })

  it('does not begin a second chain in one folder', async () => {
    await served.begin()
    const other = genesisWith(validators, [alice, carol])
    await expect(served.begin({ appStateBytes: appStateOf(other) })).rejects.toThrow(/another folder/)
  })
})
