import { ReceiptRecord } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cometAddress, RESULT, VALUE_PATH } from '../../src/abci/index.js'
import { timestampOf } from '../../src/abci/messages/common.js'
import { transfer } from '../../src/actions/accounts.js'
import { accountOf, bytesOf, Draft, idOf } from '../../src/index.js'
import { alice, blockAt, bob, carol, keyOf, Served, validators } from './served.js'
import { GENESIS_MS, NVY, owner, transactionOf } from './world.js'

let served: Served
beforeEach(async () => {
  served = await Served.inNewFolder()
})
afterEach(() => served.stop())

describe('an application for CometBFT', () => {
  it('applies blocks, says what became of each transaction, and keeps them', async () => {
    await served.begin()
    const good = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])
    const failing = await transactionOf(bob, 0, [transfer(bytesOf(alice.id), 10_000_000n * NVY)])
    const stranger = await transactionOf(carol, 0, [transfer(bytesOf(alice.id), 1n)])
    const result = await served.decide(1, [good, failing, stranger, new Uint8Array(3)])
    expect(result.txResults.map(({ code, info }) => [code, info])).toEqual([
      [RESULT.done, ''],
      [RESULT.failed, 'LEDGER_INSUFFICIENT_FUNDS'],
      [RESULT.refused, 'LEDGER_INSUFFICIENT_FUNDS'],
      [RESULT.refused, 'PROTOCOL_MALFORMED'],
    ])
    const receipt = ReceiptRecord.decode(result.txResults[0]!.data)
    expect(receipt.fee).toBeGreaterThan(0n)
    expect(result.txResults[0]!.gasUsed).toBe(receipt.weight)
    const [event] = result.txResults[0]!.events
    expect(event!.type).toMatch(/^accounts\./)
    expect(
      event!.attributes
        .filter(({ key }) => key === 'account')
        .map(({ value }) => value)
        .sort(),
    ).toEqual([alice.address, bob.address].sort())
    await served.restart()
    const info = await served.ask('info')
    expect([info.lastBlockHeight, idOf(info.lastBlockAppHash)]).toEqual([1, idOf(result.appHash)])
  })

  it('has nothing of a block on the disk before it is committed, and takes it again', async () => {
    await served.begin()
    await served.decide(1)
    const tx = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])
    const first = await served.ask('finalizeBlock', blockAt(2, [tx]))
    // the engine died, and came back to an application that lives
    await served.reconnect()
    expect((await served.ask('info')).lastBlockHeight).toBe(1)
    expect(await served.ask('finalizeBlock', blockAt(2, [tx]))).toEqual(first)
    // both died
    await served.restart()
    expect((await served.ask('info')).lastBlockHeight).toBe(1)
    expect(await served.decide(2, [tx])).toEqual(first)
    expect((await served.ask('info')).lastBlockHeight).toBe(2)
  })

  it('takes blocks in order alone', async () => {
    await served.begin()
    await expect(served.ask('finalizeBlock', blockAt(2))).rejects.toThrow(/does not follow block 0/)
  })

  it('leaves the root as it is where nothing happens, and follows the engine’s clock two heartbeats a block', async () => {
    await served.begin()
    const { appHash } = await served.decide(1)
    expect((await served.decide(2)).appHash).toEqual(appHash)
    expect(served.application.head!.timeMs).toBe(GENESIS_MS + 2_000)
    await served.decide(3, [], 30 * 24 * 3_600_000)
    expect(served.application.head!.timeMs).toBe(GENESIS_MS + 2_000 + 120_000)
    await served.decide(4, [], 30 * 24 * 3_600_000 + 1000)
    expect(served.application.head!.timeMs).toBe(GENESIS_MS + 2_000 + 240_000)
    await served.restart()
    await served.decide(5, [], 30 * 24 * 3_600_000 + 2000)
    expect(served.application.head!.timeMs).toBe(GENESIS_MS + 2_000 + 360_000)
  })

  it('punishes whom the engine reports, once, and tells it who goes', async () => {
    await served.begin()
    await served.decide(1)
    await served.decide(2)
    const report = {
      type: 'duplicateVote' as const,
      validator: { address: cometAddress(validators[1]!), power: 100_000 },
      height: 1,
      time: timestampOf(GENESIS_MS + 1000),
      totalVotingPower: 200_000,
    }
    const unknown = { ...report, validator: { address: new Uint8Array(20), power: 1 } }
    const result = await served.ask('finalizeBlock', {
      ...blockAt(3),
      misbehavior: [unknown, report, report],
    })
    await served.ask('commit')
    const kinds = result.events.map(({ type }) => type)
    expect(kinds).toContain('evidence.punished')
    expect(kinds).not.toContain('evidence.refused')
    expect(result.validatorUpdates.map(({ pubKey, power }) => [idOf(pubKey!.ed25519), power])).toEqual([
      [idOf(validators[1]!), 0],
    ])
    const again = await served.ask('finalizeBlock', { ...blockAt(4), misbehavior: [report] })
    expect([again.events.length, again.validatorUpdates.length]).toEqual([0, 0])
  })

  it('gives the tips to the validator who proposed', async () => {
    await served.begin()
    await served.decide(1, [await transactionOf(alice, 0, [transfer(bytesOf(bob.id), 1n)], { tip: 3n })])
    const { value } = await served.ask('query', { path: Buffer.from(VALUE_PATH), data: keyOf(owner(0)) })
    const state = { get: () => value }
    const { purse } = accountOf({ draft: new Draft(state), timeMs: 0 }, owner(0).id)
    expect(purse.earned.length).toBe(1)
  })

  it('says what the engine may forget', async () => {
    await served.stop()
    served = await Served.inNewFolder({ keepBlocks: 2 })
    await served.begin()
    const retained = []
    for (let height = 1; height <= 4; height++) {
      await served.ask('finalizeBlock', blockAt(height))
      retained.push((await served.ask('commit')).retainHeight)
    }
    expect(retained).toEqual([0, 1, 2, 3])
  })
})
