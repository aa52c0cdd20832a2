import { join } from 'node:path'
import { openChainReader } from '@neurovoyance/client/chain'
import { createTeller } from '@neurovoyance/client/pay'
import { actions } from '@neurovoyance/ledger'
import type { Host } from '@neurovoyance/p2p'
import { silentLogger, systemClock, systemRandom } from '@neurovoyance/protocol'
import type { NodeProcess } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/file.js'
import { openUnattended } from '../../src/hive/index.js'
import { client } from '../../src/services/client.js'
import { untilHosted } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

const INPUTS = [
  { name: 'a', shape: [3], datatype: 'FP32', data: [1, 2, 3] },
  { name: 'b', shape: [3], datatype: 'FP32', data: [10, 20, 30] },
]

describe('the gateway of a node that has no model of its own', () => {
  const paid = usePaidHive(add(), ['node-1'])

  async function ask({ gateway: { url, token } }: NodeProcess, model: string) {
    const response = await fetch(`${url}/v2/models/${model}/infer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: INPUTS }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('pays others within the budget of its settings, and without one asks free nodes only', async () => {
    const { hive, model } = paid
    const { client: payer } = await hive.client()
    await untilHosted(payer, model, 1)
    const settings = (payments: object) => ({ hosting: { auto: false }, payments })
    const poor = await hive.start('poor', settings({}))
    const refused = await ask(poor, model)
    expect(refused.body).toMatchObject({ code: 'CLIENT_PAYMENT_REQUIRED' })

    const office = await hive.start('office', settings({ budget: '0.5', maxPrice: '0.01' }))
    const wallet = (await openUnattended(join(office.home, 'wallets', 'default.json')))!
    const access = await openChainReader({ host: payer.host, genesis: hive.genesis })
    await createTeller(access, hive.wallet).send([actions.transfer(wallet.address, 1_000_000_000n)])
    for (let run = 0; run < 3; run++) {
      const { status, body } = await ask(office, model)
      expect(body).toMatchObject({ outputs: [{ data: [11, 22, 33] }] })
      expect(status).toBe(200)
    }
    const { gateway } = hive.nodes[0]!
    const metrics = await fetch(`${gateway.url}/metrics`, {
      headers: { authorization: `Bearer ${gateway.token}` },
    })
    expect(await metrics.text()).toMatch(/^neurovoyance_earned_nvy_total 0\.0000\d*[1-9]/m)
  })

  it('does not begin with a budget and no chain', async () => {
    const config = parseConfig({ payments: { budget: '1' } })
    const home = { path: paid.hive.home, wallets: join(paid.hive.home, 'wallets') }
    const context = { clock: systemClock, logger: silentLogger, random: systemRandom }
    const starting = async () => client({ home, config })({ network: {} as Host }, context)
    await expect(starting()).rejects.toMatchObject({ code: 'NODE_NO_CHAIN' })
  })
})
