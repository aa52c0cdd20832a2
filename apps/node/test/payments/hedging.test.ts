import { execFileSync } from 'node:child_process'
import type { Client, InferResult } from '@neurovoyance/client'
import { type ClientPayments, payerMessage } from '@neurovoyance/client/pay'
import { accountOf, bytesOf, type ChainAccess, Draft, idOf } from '@neurovoyance/ledger'
import { PaymentService, parseAddress } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'
import { afterAll, describe, expect, it } from 'vitest'
import { untilHosted } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

const STEP = 1_000_000n
/** Hedges that a dispatcher allows at once, and for each request. */
const [HEDGES, HEDGES_EACH] = [1, 0.06]

describe('a request that two nodes are paid for at once', () => {
  const testModel = add()
  const { inputs } = testModel
  const paid = usePaidHive(testModel, ['node-1', 'node-2'])
  let stopped: readonly number[] = []

  afterAll(() => {
    for (const pid of stopped) goOn(pid)
  })

  /** Asks until it is known how long a run takes, and a hedge is allowed. */
  async function warmUp(client: Client): Promise<InferResult[]> {
    const runs: InferResult[] = []
    let hedges = HEDGES
    do {
      const run = await client.infer({ model: paid.model, inputs })
      runs.push(run)
      hedges += HEDGES_EACH - run.attempts.filter(({ purpose }) => purpose === 'hedge').length
    } while (hedges < 1)
    return runs
  }

  /** Stops what runs models at a node: it takes requests and payments, and does not answer. */
  function slowDown(peerId: string): void {
    stopped = childrenOf(paid.hive.nodes.find(node => node.peerId === peerId)!.pid)
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  }

  const payeeOf = (client: Client, node: string): string =>
    idOf(client.market.offer(node)!.offer.price!.nvy!.payee)

  const sumOf = (payments: ClientPayments, part: 'used' | 'lost' | 'reserved' | 'deposited') =>
    payments.report().channels.reduce((sum, channel) => sum + channel[part], 0n)

  /** What a node says that it charged on a channel. */
  async function chargedAt(client: Client, node: string, channel: string): Promise<bigint> {
    const { genesis, wallet } = paid.hive
    const message = payerMessage('statement', { chainId: genesis.chainId, channel, node })
    const body = { channel: bytesOf(channel), signature: (await wallet.sign(message)) as Uint8Array }
    return (await client.host.rpc.call(node, PaymentService, 'Statement', { body })).body.spent
  }

  async function liquidOf(access: ChainAccess): Promise<bigint> {
    const account = idOf(parseAddress(paid.hive.wallet.address))
    const [[record], { timeMs }] = await Promise.all([access.get([`accounts/${account}`]), access.head()])
    return accountOf({ draft: new Draft({ get: () => record }), timeMs }, account).purse.liquid
  }

  it('is answered by the one that is not slow; the other attempt is lost here, within the step, and given back there', {
    timeout: 60_000,
  }, async () => {
    const { hive, model } = paid
    const paying = await hive.client({ step: STEP })
    const { client, payments } = paying
    await untilHosted(client, model, 2)
    const runs = await warmUp(client)
    const lostBefore = sumOf(payments, 'lost')

    const asked: string[] = []
    const run = await client.infer({
      model,
      inputs,
      deadlineMs: 50_000,
      onProgress(progress) {
        if (progress.phase === 'run' && asked.push(progress.node) === 1) slowDown(progress.node)
      },
    })
    const [slow, quick] = asked
    expect(run.attempts).toMatchObject([
      // lost, or given up a moment before the hedge's answer on a busy machine
      { purpose: 'first', peerId: slow, status: expect.stringMatching(/^(lost|timed-out)$/) },
      { purpose: 'hedge', peerId: quick, status: 'succeeded' },
    ])

    const { amount } = run.charge!
    const charged = [...runs, run].reduce((sum, { charge }) => sum + charge!.amount, 0n)
    const lost = sumOf(payments, 'lost')
    expect([lost - lostBefore, sumOf(payments, 'reserved')]).toEqual([amount, 0n])
    expect(sumOf(payments, 'used') - charged).toBe(lost)
    const channel = payments.report().channels.find(({ payee }) => payee === payeeOf(client, slow!))!
    expect(channel.lost).toBeGreaterThanOrEqual(amount)
    expect(channel.lost).toBeLessThanOrEqual(STEP)

    for (const pid of stopped) goOn(pid)
    // whenever the node hears that the request was given up, it takes nothing for it
    while ((await chargedAt(client, slow!, channel.id)) > channel.used - amount);

    const [deposited, used] = [sumOf(payments, 'deposited'), sumOf(payments, 'used')]
    const before = await liquidOf(paying.access)
    const ended = await payments.settle()
    expect(ended.every(({ transaction }) => transaction !== undefined)).toBe(true)
    // no more than what was counted here leaves the channels
    expect((await liquidOf(paying.access)) - before).toBe(deposited - used)
  })
})

function childrenOf(pid: number): number[] {
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return list.trim().split(/\s+/).map(Number)
}

/** Lets a process go on, where it was not ended meanwhile. */
function goOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    // its node has put another in its place
  }
}
