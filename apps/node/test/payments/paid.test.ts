import { accountOf, bytesOf, Draft, idOf } from '@neurovoyance/ledger'
import { dueFor, encodeTensorFrame, InferenceService, parseAddress } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { untilHosted } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

describe('runs that are paid', () => {
  const testModel = add()
  const { inputs } = testModel
  const paid = usePaidHive(testModel, ['node-1'])

  it('by vouchers within a budget, and what is left comes back when the channel ends', async () => {
    const { hive, model } = paid
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
    const { hive, model } = paid
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

  it('by a client that asks before it heard of anybody, and opens its channel when somebody offers', async () => {
    const { hive, model } = paid
    const { client, payments } = await hive.client()
    const { charge } = await client.infer({ model, inputs })
    expect(payments.report().channels).toMatchObject([{ used: charge!.amount, lost: 0n }])
    await payments.settle()
  })

  it('stays within what the user allows', async () => {
    const { hive, model } = paid
    const { client } = await hive.client({ maxPrice: 1n })
    await untilHosted(client, model, 1)
    await expect(client.infer({ model, inputs })).rejects.toMatchObject({ code: 'CLIENT_TOO_DEAR' })
    const careful = await hive.client({ step: 2n })
    await untilHosted(careful.client, model, 1)
    await expect(careful.client.infer({ model, inputs })).rejects.toMatchObject({
      code: 'CLIENT_STEP_TOO_SMALL',
      details: { step: '2' },
    })
    const poor = await hive.client({ budget: 10_000n })
    await untilHosted(poor.client, model, 1)
    await expect(poor.client.infer({ model, inputs })).rejects.toMatchObject({ code: 'CLIENT_BUDGET_SPENT' })
  })
})
