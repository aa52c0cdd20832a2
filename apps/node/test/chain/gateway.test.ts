import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Wallet } from '@neurovoyance/client/wallet'
import { actions, buildTransaction, soleKey, type TransactionInit } from '@neurovoyance/ledger'
import { createPeerHost } from '@neurovoyance/p2p/node'
import { ChainService, LIMITS } from '@neurovoyance/protocol'
import { type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setConfig } from '../../src/config/file.js'
import type { ChainClient, HiveChain } from '../../src/hive/index.js'
import { chainClient, openUnattended, prepareHiveChain } from '../../src/hive/index.js'
import { folder, NV } from '../hive/fixture.js'

describe('a chain over the gateway', () => {
  let node: NodeProcess
  let chain: HiveChain
  let client: ChainClient
  let wallet: Wallet
  let other: Wallet

  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${node.gateway.url}/chain/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${node.gateway.token}`, ...init.headers },
    })
  const refusal = async (path: string, init?: RequestInit) => {
    const response = await raw(path, init)
    return [response.status, ((await response.json()) as { code: string }).code]
  }
  const post = (body: Uint8Array | string, type = 'application/octet-stream') =>
    refusal('transactions', { method: 'POST', body: body as BodyInit, headers: { 'content-type': type } })
  const transfer = async (change: Partial<TransactionInit> = {}) => {
    const { nonce } = await client.account(wallet.address)
    const { height } = await client.status()
    return buildTransaction({
      chainId: chain.chainId,
      sender: wallet.address,
      keys: soleKey(wallet.publicKey),
      nonce,
      validUntil: height + 50,
      maxFee: 1_000_000n,
      actions: [actions.transfer(other.address, 1_000n)],
      signers: [wallet],
      ...change,
    })
  }
  const settle = async (change: Partial<TransactionInit> = {}) =>
    client.transaction(await client.submit((await transfer(change)).bytes), { waitMs: 30_000 })

  beforeAll(async () => {
    const home = await folder('chain')
    chain = await prepareHiveChain(home, ['bootstrap'])
    wallet = (await openUnattended(chain.client.wallet))!
    other = (await openUnattended(join(home, 'bootstrap', 'wallets', 'default.json')))!
    // nothing happens on this chain but what a test does
    await setConfig(join(home, 'bootstrap', 'config.jsonc'), 'chain.bind', false)
    node = await startNode({
      nv: NV,
      command: 'bootstrap',
      home: join(home, 'bootstrap'),
      args: ['--loopback', '--genesis', chain.genesis, '--validator'],
    })
    client = chainClient(node.gateway)
  })

  afterAll(() => node.stop())

  it('takes a transaction, and tells what became of it: by id, block, account and history', async () => {
    const settled = await settle({ memo: 'for bread' })
    expect(settled).toMatchObject({ ok: true, memo: 'for bread', sender: wallet.address, code: null })
    expect(settled.actions[0]).toMatchObject({
      kind: 'accounts/transfer',
      fields: { to: other.address, amount: '1000' },
    })
    const block = await client.block(String(settled.height))
    expect(block.transactions.map(({ id }) => id)).toEqual([settled.id])
    expect(await client.block(block.id)).toEqual(block)
    const account = await client.account(wallet.address)
    expect(account.nonce).toBe(1)
    expect(BigInt(account.balances.liquid)).toBe(10_000_000_000_000n - 1_000n - BigInt(settled.fee))
    expect((await client.history(wallet.address, { limit: 5 })).map(({ id }) => id)).toEqual([settled.id])
    expect((await client.history(other.address, { limit: 5 })).map(({ id }) => id)).toEqual([settled.id])
    const bytes = Buffer.from(settled.bytes, 'base64')
    expect(bytes.length).toBeLessThan(LIMITS.transactionBytes)
  })

  it('tells of validators, supply and parameters', async () => {
    const { validator } = await client.status()
    expect(await client.validators()).toMatchObject([
      { key: validator, power: expect.any(Number), commission: 0 },
    ])
    const { held, total } = await client.supply()
    expect(Object.values(held).reduce((sum, amount) => sum + BigInt(amount), 0n)).toBe(BigInt(total))
    const burn = (await client.parameters()).find(({ name }) => name === 'rewards/burnShare')
    expect(burn).toMatchObject({ value: '100000', unit: 'millionths' })
    const metrics = await (
      await fetch(`${node.gateway.url}/metrics`, {
        headers: { authorization: `Bearer ${node.gateway.token}` },
      })
    ).text()
    expect(metrics).toMatch(/neurovoyance_chain_height [1-9]/)
    expect(metrics).toMatch(/neurovoyance_chain_validators 1\n/)
  })

  it('tells what a transaction would do, and does nothing of it', async () => {
    const before = await client.account(wallet.address)
    const trial = async (change: Partial<TransactionInit> = {}) =>
      client.trial((await transfer(change)).bytes)
    expect(await trial()).toMatchObject({
      code: null,
      charged: true,
      fee: expect.stringMatching(/^[1-9]/),
      events: expect.arrayContaining([expect.objectContaining({ kind: 'accounts/transferred' })]),
    })
    expect(await trial({ actions: [actions.transfer(other.address, 10n ** 18n)] })).toMatchObject({
      code: 'LEDGER_INSUFFICIENT_FUNDS',
      message: expect.stringMatching(/^1000000000 NVY are needed, and \d+\.\d+ NVY are there/),
      charged: true,
      events: [],
    })
    expect(await trial({ nonce: 99 })).toMatchObject({ code: 'LEDGER_WRONG_NONCE', charged: false })
    const after = await client.account(wallet.address)
    expect([after.nonce, after.balances]).toEqual([before.nonce, before.balances])
  })

  it('refuses what a query says that it does not know, and a method that a path does not take', async () => {
    const ask = async (path: string, method = 'GET') => {
      const headers = { authorization: `Bearer ${node.gateway.token}` }
      const response = await fetch(`${node.gateway.url}/chain/${path}`, { method, headers })
      return [response.status, ((await response.json()) as { code?: string }).code]
    }
    expect(await ask(`accounts/${wallet.address}?prove=maybe`)).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await ask(`transactions/${'ab'.repeat(32)}?prove=maybe`)).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await ask('events?kind=nonsense/xx')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await ask('status', 'DELETE')).toEqual([405, 'NODE_BAD_REQUEST'])
    expect(await ask('nowhere')).toEqual([404, 'NODE_BAD_REQUEST'])
  })

  it('refuses what is no transaction, or may not happen, each with its code, and changes nothing', async () => {
    await settle()
    const before = await client.account(wallet.address)
    const good = (await transfer()).bytes
    const flipped = Uint8Array.from(good, (byte, index) => (index === good.length - 1 ? byte ^ 1 : byte))
    expect(await post('')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await post(new Uint8Array([1, 2, 3]))).toEqual([400, 'PROTOCOL_MALFORMED'])
    expect(await post(new Uint8Array(LIMITS.transactionBytes + 1))).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await post('{ "bytes": 7 }', 'application/json')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await post('{', 'application/json')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await post(flipped)).toEqual([400, 'LEDGER_BAD_SIGNATURE'])
    const refused = async (change: Partial<TransactionInit>) => post((await transfer(change)).bytes)
    expect(await refused({ chainId: 'another-1' })).toEqual([400, 'LEDGER_BAD_SIGNATURE'])
    expect(await refused({ nonce: 0 })).toEqual([400, 'LEDGER_WRONG_NONCE'])
    expect(await refused({ validUntil: 1 })).toEqual([400, 'LEDGER_EXPIRED'])
    expect(await refused({ maxFee: 1n })).toEqual([400, 'LEDGER_FEE_TOO_LOW'])
    expect(await refused({ signers: [other] })).toEqual([400, 'LEDGER_BAD_SIGNATURE'])
    expect(await refused({ actions: [] })).toEqual([400, 'LEDGER_BAD_TRANSACTION'])
    expect(await refused({ actions: [{ kind: 'theft/all', payload: new Uint8Array() }] })).toEqual([
      400,
      'LEDGER_UNKNOWN_ACTION',
    ])
    const after = await client.account(wallet.address)
    expect([after.nonce, after.balances]).toEqual([before.nonce, before.balances])
  })

  it('lets a transaction fail whole, for its fee', async () => {
    const before = await client.account(wallet.address)
    const spent = await settle({
      actions: [actions.transfer(other.address, 5n), actions.transfer(other.address, 1n << 60n)],
    })
    expect(spent).toMatchObject({ ok: false, code: 'LEDGER_INSUFFICIENT_FUNDS' })
    const after = await client.account(wallet.address)
    expect(BigInt(after.balances.liquid)).toBe(BigInt(before.balances.liquid) - BigInt(spent.fee))
    expect(await post(Buffer.from(spent.bytes, 'base64'))).toEqual([400, expect.stringMatching(/^LEDGER_/)])
  })

  it('refuses wrong questions, each with its code', async () => {
    const nobody = createHash('sha256').digest('hex')
    expect(await refusal('blocks/x')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await refusal('blocks/999999')).toEqual([404, 'LEDGER_NOT_FOUND'])
    expect(await refusal(`blocks/${nobody}`)).toEqual([404, 'LEDGER_NOT_FOUND'])
    expect(await refusal('transactions/abc')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await refusal(`transactions/${nobody}`)).toEqual([404, 'LEDGER_NOT_FOUND'])
    expect(await refusal('accounts/nv1nobody')).toEqual([400, 'PROTOCOL_BAD_ID'])
    expect(await refusal(`accounts/${wallet.address}/transactions?limit=9999`)).toEqual([
      400,
      'NODE_BAD_REQUEST',
    ])
    expect(await refusal('light-blocks/-1')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await refusal('events?kind=a/b/c')).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await refusal('events', { headers: { 'last-event-id': 'x' } })).toEqual([400, 'NODE_BAD_REQUEST'])
    expect(await refusal('events?account=nv1nobody')).toEqual([400, 'PROTOCOL_BAD_ID'])
    expect((await fetch(`${node.gateway.url}/chain/status`)).status).toBe(401)
  })

  it('refuses the same of other peers, each with its code', async () => {
    const host = await createPeerHost({ listen: { host: '127.0.0.1', tcp: 0, ws: false }, mdns: false })
    try {
      const peer = await host.connect(node.addresses.find(address => address.includes('/tcp/'))!)
      const submit = (...attachments: Uint8Array[]) =>
        host.rpc.call(peer, ChainService, 'Submit', { body: {}, attachments })
      const good = (await transfer()).bytes
      const flipped = Uint8Array.from(good, (byte, index) => (index === good.length - 1 ? byte ^ 1 : byte))
      await expect(submit(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({ code: 'PROTOCOL_MALFORMED' })
      await expect(submit(flipped)).rejects.toMatchObject({ code: 'LEDGER_BAD_SIGNATURE' })
      await expect(submit((await transfer({ nonce: 0 })).bytes)).rejects.toMatchObject({
        code: 'LEDGER_WRONG_NONCE',
      })
      await expect(submit()).rejects.toMatchObject({ code: expect.stringMatching(/^(PROTOCOL|LEDGER)_/) })
      await expect(submit(new Uint8Array(LIMITS.transactionBytes + 1))).rejects.toMatchObject({
        code: expect.stringMatching(/^(P2P|PROTOCOL)_/),
      })
      await expect(
        host.rpc.call(peer, ChainService, 'Blocks', { body: { first: 1_000_000, limit: 5 } }),
      ).resolves.toMatchObject({ attachments: [] })
      await expect(
        host.rpc.call(peer, ChainService, 'LightBlock', { body: { height: 1_000_000 } }),
      ).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' })
      const { body } = await submit(good)
      expect(
        await client.transaction(Buffer.from(body.id).toString('hex'), { waitMs: 30_000 }),
      ).toMatchObject({
        ok: true,
      })
    } finally {
      await host.close()
    }
  })

  it('streams blocks and events, from where a listener was', async () => {
    const settled = await settle()
    const first = async (filter: Parameters<ChainClient['watch']>[0]) => {
      const controller = new AbortController()
      try {
        for await (const { event, data } of client.watch(filter, controller.signal)) return { event, data }
      } finally {
        controller.abort()
      }
      throw new Error('the stream ended')
    }
    expect(await first({ after: settled.height - 1 })).toMatchObject({
      event: 'block',
      data: { height: settled.height, transactions: [{ id: settled.id }] },
    })
    expect(await first({ after: settled.height - 1, account: other.address })).toMatchObject({
      event: 'event',
      data: { kind: 'accounts/transferred', transaction: settled.id, fields: { amount: '1000' } },
    })
    expect(await first({ after: 0, kind: 'accounts' })).toMatchObject({ event: 'event' })
    const live = first({ kind: 'accounts/transferred', after: (await client.status()).height })
    const later = await settle()
    expect(await live).toMatchObject({ data: { transaction: later.id } })
    const response = await raw('events', { headers: { 'last-event-id': String(settled.height - 1) } })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const { value } = await response.body!.getReader().read()
    expect(Buffer.from(value!).toString()).toContain('retry: 1000')
  })
})
