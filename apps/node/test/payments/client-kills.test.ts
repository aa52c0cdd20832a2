import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fileStore } from '@neurovoyance/client/pay/node'
import { accountOf, channelId, Draft, idOf } from '@neurovoyance/ledger'
import { parseAddress } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { hiveClientHome, walletOf } from '../../src/hive/chain/layout.js'
import { folder, untilHosted } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'
import type { PayerErrand } from './payer-process.js'

const PAYER = fileURLToPath(new URL('payer-process.ts', import.meta.url))
const BUDGET = 1_000_000_000n
const KILLS = 6
const LANES = 4n
/** What a voucher may be rounded up by. */
const LEAST_STEP = 1_000n

describe('a client that is killed by the system while it pays', () => {
  const testModel = add()
  const { inputs } = testModel
  const paid = usePaidHive(testModel, ['node-1'])

  /** Runs it, and kills it `afterMs` from when it is up; what it was told that it was charged, in all. */
  async function payUntilKilled(errand: PayerErrand, afterMs: number): Promise<bigint> {
    const child = spawn(process.execPath, [PAYER, JSON.stringify(errand)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'close')
    let charged = 0n
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'up') setTimeout(() => child.kill('SIGKILL'), afterMs)
      else if (/^\d+$/.test(line)) charged += BigInt(line)
    }
    expect(await exited).toEqual([null, 'SIGKILL'])
    return charged
  }

  it('loses nothing but the step under way, pays nothing twice, leaves no channel behind, and keeps its budget', {
    timeout: 120_000,
  }, async () => {
    const { hive, model } = paid
    const home = await folder('payer')
    const genesis = join(home, 'genesis.json')
    await writeFile(genesis, JSON.stringify(hive.genesis))
    const purse = join(home, 'purse.json')
    const errand: PayerErrand = {
      bootstrap: hive.bootstrap.addresses,
      genesis,
      wallet: walletOf(hiveClientHome(hive.home)),
      purse,
      budget: String(BUDGET),
      model,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, { dims, data }]) => [
          name,
          { dims: [...dims], data: [...(data as Float32Array)] },
        ]),
      ),
    }
    const payer = idOf(parseAddress(hive.wallet.address))
    const watching = await hive.client()
    await untilHosted(watching.client, model, 1)
    await watching.client.infer({ model, inputs })
    await watching.payments.settle()
    const account = async () => {
      const key = `accounts/${payer}`
      const [[record], { timeMs }] = await Promise.all([watching.access.get([key]), watching.access.head()])
      return accountOf(
        { draft: new Draft({ get: name => (name === key ? record : undefined) }), timeMs },
        payer,
      )
    }
    const before = await account()

    let charged = 0n
    // the first ones while its channel is opened, the later ones while it pays
    for (let kill = 0; kill < KILLS; kill++) {
      charged += await payUntilKilled(errand, Math.random() * 150 * (kill + 1))
    }
    const last = await hive.client({ store: fileStore(purse), budget: BUDGET })
    await untilHosted(last.client, model, 1)
    const { charge } = await last.client.infer({ model, inputs })
    charged += charge!.amount
    const { channels, fees } = last.payments.report()
    const signed = channels.reduce((sum, channel) => sum + channel.signed, 0n)
    const underWay = BigInt(KILLS) * (LANES * charge!.amount + LEAST_STEP)
    expect(channels).toHaveLength(1)
    expect(signed).toBeGreaterThanOrEqual(charged)
    expect(signed).toBeLessThanOrEqual(charged + underWay)
    await last.payments.settle()

    const after = await account()
    const spent = before.purse.liquid - after.purse.liquid
    expect(spent).toBeLessThanOrEqual(BUDGET)
    expect(spent).toBeGreaterThanOrEqual(charged)
    expect(spent).toBeLessThanOrEqual(charged + underWay + fees)
    const mine = Array.from({ length: after.nonce }, (_, nonce) =>
      [0, 1, 2].map(index => channelId({ chainId: hive.genesis.chainId, account: payer, nonce, index })),
    ).flat()
    const left = await watching.access.get(mine.map(id => `channels/${id}`))
    expect(left.filter(value => value !== undefined)).toEqual([])
  })
})
