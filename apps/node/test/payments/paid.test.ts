import { accountOf, bytesOf, Draft, idOf } from '@neurovoyance/ledger'
import { dueFor, encodeTensorFrame, InferenceService, parseAddress } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, saveModel, untilHosted } from '../hive/fixture.js'
import { type PaidHive, startPaidHive } from './paid-hive.js'

describe('runs that are paid', () => {
  const testModel = add()
  const { inputs } = testModel
  let hive: PaidHive
  let model: string

  beforeAll(async () => {
    hive = await startPaidHive(await folder('paid'), ['node-1'])
    model = await hive.addModel(hive.nodes[0]!, await saveModel(testModel))
  })

  afterAll(() => hive?.[Symbol.asyncDispose]())

  it('by vouchers within a budget, and what is left comes back when the channel ends', async () => {
    const paying = await hive.client()
    const { client, payments } = paying
    await untilHosted(client, model, 1)
    const first = await client.infer({ model, inputs })
    const price = client.market.offer(first.node)!.offer.price!.nvy!
    expect(first.charge!.amount).toBe(dueFor(price, first.charge!.units))
    const more = await Promise.all(Array.from({ length: 8 }, () => client.infer({ model, inputs })))
    const charged = [first, ...more].reduce((sum, { charge }) => sum + charge!.amount, 0n)
    const [channel] = payments.report().channels
    expect(channel).toMatchObject({ used: charged, lost: 0n, reserved: 0n, payee: idOf(price.payee) })
    expect(channel!.signed).toBeGreaterThanOrEqual(charged)

    const coins = async (account: Uint8Array) => {
      const key = `accounts/${idOf(account)}`
      const [value] = await paying.access.get([key])
      const { timeMs } = await paying.access.head()
      const draft = new Draft({ get: name => (name === key ? value : undefined) })
      return accountOf({ draft, timeMs }, idOf(account)).purse
    }
    const payer = parseAddress(hive.wallet.address)
    const before = await coins(payer)
    await payments.settle()
    const after = await coins(payer)
    expect(after.liquid - before.liquid).toBe(channel!.deposited - channel!.signed)
    expect((await coins(price.payee)).earned.length).toBeGreaterThan(0)
    expect(await paying.access.get([`channels/${channel!.id}`])).toEqual([undefined])
  })

  it('and the node does nothing for who does not pay: it says what it costs', async () => {
    const { client } = await hive.client()
    await untilHosted(client, model, 1)
    const names = Object.keys(inputs)
    const message = {
      body: { model, file: '', inputNames: names, outputNames: [] },
      attachments: names.map(name => encodeTensorFrame(inputs[name]!)),
    }
    const { peerId } = hive.nodes[0]!
    const unpaid = client.host.rpc.call(peerId, InferenceService, 'Infer', message)
    await expect(unpaid).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REQUIRED',
      details: { due: expect.stringMatching(/^\d+$/), chainId: hive.genesis.chainId },
    })
    const body = { ...message.body, payment: { channel: bytesOf('11'.repeat(32)), amount: 1_000_000n } }
    const stranger = client.host.rpc.call(peerId, InferenceService, 'Infer', { ...message, body })
    await expect(stranger).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REFUSED',
      details: { reason: 'closed' },
    })
  })

  it('stays within what the user allows', async () => {
    const { client } = await hive.client({ maxPrice: 1n })
    await untilHosted(client, model, 1)
    await expect(client.infer({ model, inputs })).rejects.toMatchObject({ code: 'CLIENT_TOO_DEAR' })
    const poor = await hive.client({ budget: 10_000n })
    await untilHosted(poor.client, model, 1)
    await expect(poor.client.infer({ model, inputs })).rejects.toMatchObject({ code: 'CLIENT_BUDGET_SPENT' })
  })
})
