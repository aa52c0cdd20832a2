import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { transfer } from '../../src/actions/accounts.js'
import { bytesOf, idOf } from '../../src/index.js'
import { alice, bob, Served } from './served.js'
import { GENESIS_MS, NVY, transactionOf } from './world.js'

let served: Served
beforeEach(async () => {
  served = await Served.inNewFolder({ snapshots: { everyBlocks: 2, keep: 1 } })
})
afterEach(() => served.stop())

describe('an application for CometBFT', () => {
  it('hands its state to another by snapshots, whatever strangers send between', async () => {
    await served.begin()
    await served.decide(1, [await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])])
    const { appHash } = await served.decide(2)
    await served.application.settled()
    const { snapshots } = await served.ask('listSnapshots')
    expect(snapshots.map(({ height, format, chunks }) => [height, format, chunks])).toEqual([[2, 1, 1]])
    const [snapshot] = snapshots
    const { chunk } = await served.ask('loadSnapshotChunk', { height: 2, format: 1, chunk: 0 })
    for (const none of [
      { height: 2, format: 1, chunk: 1 },
      { height: 2, format: 2, chunk: 0 },
      { height: 9, format: 1, chunk: 0 },
    ]) {
      expect((await served.ask('loadSnapshotChunk', none)).chunk).toHaveLength(0)
    }
    await served.stop()

    served = await Served.inNewFolder()
    const offer = async (more: object, hash = appHash) =>
      (await served.ask('offerSnapshot', { snapshot: { ...snapshot!, ...more }, appHash: hash })).result
    expect((await served.ask('applySnapshotChunk', { index: 0, chunk, sender: 'a' })).result).toBe('abort')
    expect(await offer({ format: 9 })).toBe('rejectFormat')
    expect(await offer({ height: 3 })).toBe('reject')
    expect(await offer({ chunks: 2 })).toBe('reject')
    expect(await offer({ metadata: snapshot!.metadata.subarray(0, 20) })).toBe('reject')
    expect(await offer({ metadata: new Uint8Array(0) })).toBe('reject')
    expect(await offer({}, new Uint8Array(32))).toBe('reject')
    expect(await offer({})).toBe('accept')
    const torn = await served.ask('applySnapshotChunk', {
      index: 0,
      chunk: chunk.subarray(1),
      sender: 'mallory',
    })
    expect(torn).toEqual({ result: 'retry', refetchChunks: [0], rejectSenders: ['mallory'] })
    expect((await served.ask('applySnapshotChunk', { index: 5, chunk, sender: 'm' })).result).toBe('retry')
    expect((await served.ask('applySnapshotChunk', { index: 0, chunk, sender: 'a' })).result).toBe('accept')
    const info = await served.ask('info')
    expect([info.lastBlockHeight, idOf(info.lastBlockAppHash)]).toEqual([2, idOf(appHash)])
    expect(served.application.head!.timeMs).toBe(GENESIS_MS + 2_000)
    expect(await offer({})).toBe('abort')
    expect((await served.decide(3)).appHash).toEqual(appHash)
  })
})
