import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { add } from '@neurovoyance/testing/models'
import { beforeAll, describe, expect, it } from 'vitest'
import { nv } from '../cli/nv.js'
import { folder } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

describe('nv infer, where nodes ask to be paid', () => {
  const testModel = add()
  const paid = usePaidHive(testModel, ['node-1'])
  let home: string
  let inputs: string[]

  beforeAll(async () => {
    home = await folder('payer')
    inputs = await Promise.all(
      Object.entries(testModel.inputs).map(async ([name, { data }]) => {
        const path = join(home, `${name}.json`)
        await writeFile(path, JSON.stringify([...(data as Float32Array)]))
        return `--input=${name}=${path}`
      }),
    )
  })

  const infer = (...args: string[]) => {
    const { hive, model } = paid
    const address = hive.bootstrap.addresses[0]!
    return nv(['infer', model, ...inputs, '--bootstrap', address, '--home', home, ...args])
  }
  const paying = (budget: string, ...args: string[]) => {
    const at = paid.hive.home
    const wallet = join(at, 'client', 'wallets', 'default.json')
    const purse = ['--wallet', wallet, '--genesis', join(at, 'genesis.json')]
    return infer('--budget', budget, ...purse, ...args)
  }

  it('without a budget, says at once what is asked and how to pay', async () => {
    const { code, err } = await infer()
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/asks to be paid, 0\.01 NVY .*give --budget NVY \[CLIENT_PAYMENT_REQUIRED\]/),
    ])
  })

  it('pays from a wallet, says what, keeps its channel for the next call, and closes it when it is told to', async () => {
    type Answer = { paid: { amount: string; units: string; locked: string; fees: string; closed?: number } }
    const first = await paying('1', '--json')
    expect(first.code, first.out + first.err).toBe(0)
    const one = first.json<Answer>().paid
    expect(one).toMatchObject({ amount: '10000', budget: '1000000000' })
    expect([BigInt(one.locked) > 0n, BigInt(one.fees) > 0n]).toEqual([true, true])
    const { code, out } = await paying('1')
    expect([code, out]).toEqual([0, expect.stringContaining('paid 0.00001 NVY for ')])
    const last = await paying('1', '--settle', '--json')
    expect(last.code, last.out + last.err).toBe(0)
    const three = last.json<Answer>().paid
    expect(three).toMatchObject({ amount: '10000', closed: 1, late: 0, locked: '0' })
    // the one channel that the first call opened was used by all
    expect(three.fees).toBe(one.fees)
    expect(await readdir(join(home, 'payments'))).toHaveLength(1)
  })

  it('stays within what it is allowed, in NVY', async () => {
    const dear = await paying('1', '--max-price', '0.000001')
    expect([dear.code, dear.err]).toEqual([
      2,
      expect.stringMatching(
        /costs 0\.00001 NVY at least, and may cost 0\.000001 NVY: raise --budget, and --max-price/,
      ),
    ])
    const spent = await paying('0.00001')
    expect([spent.code, spent.err]).toEqual([
      2,
      expect.stringMatching(/budget of 0\.00001 NVY .*raise --budget/),
    ])
    const idle = await infer('--settle')
    expect([idle.code, idle.err]).toEqual([2, expect.stringContaining('give --budget NVY')])
  })
})
