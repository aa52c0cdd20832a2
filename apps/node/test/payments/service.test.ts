import { join } from 'node:path'
import { type PayersWish, payerMessage } from '@neurovoyance/client/pay'
import { bytesOf } from '@neurovoyance/ledger'
import type { Host } from '@neurovoyance/p2p'
import { createPeerHost } from '@neurovoyance/p2p/node'
import {
  encodeTensorFrame,
  PaymentService,
  silentLogger,
  systemClock,
  systemRandom,
} from '@neurovoyance/protocol'
import { slow } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/file.js'
import { type PaymentsService, payments } from '../../src/services/payments.js'
import { saveModel } from '../hive/fixture.js'
import { oddSigner } from './odd-signer.js'
import {
  CHAIN,
  DEPOSIT,
  earner,
  openTillChain,
  payer,
  type TillChain,
  type VoucherSigner,
  validator,
} from './till-chain.js'

const AMOUNT = 5_000_000n

describe('a node that is paid', () => {
  const { local, ...options } = { local: '127.0.0.1', mdns: false, nat: { relay: false } }
  let chain: TillChain
  let node: Host
  let client: Host
  let service: PaymentsService
  let graph: { key: string; path: string }

  beforeAll(async () => {
    chain = await openTillChain()
    const listen = { host: local, tcp: 0 }
    ;[node, client] = await Promise.all([
      createPeerHost({ ...options, listen }),
      createPeerHost({ ...options, listen }),
    ])
    await client.connect(node.addresses()[0]!)
    const { payments: config } = parseConfig({ payments: { price: '0.001', redeemSeconds: 3_600 } })
    const home = { path: chain.dir, wallets: join(chain.dir, 'wallets') }
    const on = { access: chain.access, account: earner }
    const context = { clock: systemClock, logger: silentLogger, random: systemRandom }
    service = await payments({ home, config, on })({ network: node }, context)
    graph = { key: 'slow', path: join(await saveModel(slow()), 'model.onnx') }
  })

  afterAll(async () => {
    await service?.close?.()
    await Promise.all([client?.close(), node?.close()])
    await chain?.[Symbol.asyncDispose]()
  })

  const inputs = Object.entries(slow().inputs).map(([name, tensor]) => ({
    name,
    frame: new Uint8Array(Buffer.concat(encodeTensorFrame(tensor))),
  }))

  function pay(channel: string, signer?: VoucherSigner) {
    const payment = {
      channel: bytesOf(channel),
      amount: AMOUNT,
      voucher: chain.voucher(channel, AMOUNT, signer),
    }
    return service.admit({ peerId: client.peerId, graph, inputs, payment })
  }

  const ask = (channel: string, signature?: Uint8Array) =>
    client.rpc.call(node.peerId, PaymentService, 'Statement', {
      body: { channel: bytesOf(channel), ...(signature && { signature }) },
    })

  /** What a payer signs, to be told of a channel or to have its end. */
  const wordFor =
    (channel: string) =>
    (wish: PayersWish, { sign } = payer, asked = node.peerId) =>
      sign(payerMessage(wish, { chainId: CHAIN, channel, node: asked })) as Uint8Array

  const end = (channel: string, signature: Uint8Array) =>
    client.rpc.call(node.peerId, PaymentService, 'Close', {
      body: { channel: bytesOf(channel), signature },
    })

  const refusedFor = (reason: string) => ({ code: 'NODE_PAYMENT_REFUSED', details: { reason } })

  it('tells of a channel to its payer alone, and ends it for its payer alone', async () => {
    const [channel] = await chain.open(1)
    const charged = await pay(channel!)
    await charged!.durable
    const word = wordFor(channel!)
    const refused = refusedFor('signature')
    await expect(ask(channel!)).rejects.toMatchObject(refused)
    await expect(ask(channel!, word('statement', earner))).rejects.toMatchObject(refused)
    await expect(ask(channel!, word('close'))).rejects.toMatchObject(refused)
    // what the payer told another node, who says it again
    await expect(ask(channel!, word('statement', payer, client.peerId))).rejects.toMatchObject(refused)
    const { body } = await ask(channel!, word('statement'))
    expect(body.spent).toBe(charged!.charge.amount)
    expect(body.voucher).toEqual(chain.voucher(channel!, AMOUNT))
    await expect(end(channel!, word('statement'))).rejects.toMatchObject(refused)
    expect((await end(channel!, word('close'))).body.transaction).toHaveLength(32)
    expect(await chain.records([channel!])).toEqual([undefined])
  })

  it('ends a channel that nothing was paid by for its payer alone, and all of it comes back at once', async () => {
    const before = await chain.account(payer)
    const [channel] = await chain.open(1)
    const word = wordFor(channel!)
    await expect(end(channel!, word('close', earner))).rejects.toMatchObject(refusedFor('signature'))
    expect((await end(channel!, word('close'))).body.transaction).toHaveLength(32)
    expect(await chain.records([channel!])).toEqual([undefined])
    const spent = before.purse.liquid - (await chain.account(payer)).purse.liquid
    // the fee of its opening
    expect(spent).toBeLessThan(DEPOSIT)
  })

  it('tells the payer of a channel that nothing was paid by so', async () => {
    const [channel] = await chain.open(1)
    const { body } = await ask(channel!, wordFor(channel!)('statement'))
    expect(body).toEqual({ spent: 0n })
  })

  it('refuses to end a channel that the ledger has not, or that pays somebody else, and looks after neither', async () => {
    const { channels } = service.earnings()
    const [another] = await chain.open(1, { payee: validator })
    await expect(end(another!, wordFor(another!)('close'))).rejects.toMatchObject(refusedFor('payee'))
    const none = '11'.repeat(32)
    await expect(end(none, wordFor(none)('close'))).rejects.toMatchObject(refusedFor('closed'))
    expect(service.earnings().channels).toBe(channels)
  })

  it('serves what a channel has paid ahead to its payer alone, who may be another peer after a restart', async () => {
    const [channel] = await chain.open(1)
    const without = (peerId: string) =>
      service.admit({ peerId, graph, inputs, payment: { channel: bytesOf(channel!), amount: AMOUNT } })
    const charged = await pay(channel!)
    charged!.refund()
    const refused = await without('stranger').catch(error => error)
    expect(refused).toMatchObject({ code: 'NODE_PAYMENT_REFUSED', details: { reason: 'payer' } })
    // nothing of the channel is told either
    expect(Object.keys(refused.details)).toEqual(['reason'])
    ;(await without(client.peerId))!.refund()
    const { signature, ...rest } = chain.voucher(channel!, AMOUNT)
    const known = { channel: bytesOf(channel!), amount: AMOUNT, voucher: { ...rest, signature } }
    await expect(service.admit({ peerId: 'stranger', graph, inputs, payment: known })).rejects.toMatchObject({
      details: { reason: 'payer' },
    })
    const word = payer.sign(
      payerMessage('statement', { chainId: CHAIN, channel: channel!, node: node.peerId }),
    ) as Uint8Array
    const other = await createPeerHost({ ...options, listen: { host: local, tcp: 0 } })
    try {
      await other.connect(node.addresses()[0]!)
      await other.rpc.call(node.peerId, PaymentService, 'Statement', {
        body: { channel: bytesOf(channel!), signature: word },
      })
      ;(await without(other.peerId))!.refund()
    } finally {
      await other.close()
    }
  })

  it('takes no voucher that a block has room for few of only', async () => {
    const [channel] = await chain.open(1, { signer: oddSigner })
    await expect(pay(channel!, oddSigner)).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REFUSED',
      details: { problem: 'LEDGER_BAD_SIGNATURE' },
    })
  })
})
