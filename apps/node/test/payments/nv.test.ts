import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { add } from '@neurovoyance/testing/models'
import { beforeAll, describe, expect, it } from 'vitest'
import { nv } from '../cli/nv.js'
import { folder } from '../hive/fixture.js'
import { usePaidHive } from './paid-hive.js'

const HOUR_MS = 3_600_000
/** Base units for a work unit. */
const UNIT_PRICE = 100n

describe('nv, where nodes ask to be paid', () => {
  const testModel = add()
  // a chain that begins a day ago, and whose time goes on by twenty minutes with a block, until it has caught up: every
  // third block ends an epoch
  const paid = usePaidHive(testModel, ['node-1'], {
    // dear enough for the stakers' share to be more than nothing for each coin
    price: '100',
    beginning: {
      timeMs: Date.now() - 24 * HOUR_MS,
      parameters: {
        'time/heartbeatMs': 600_000n,
        'time/epochMs': BigInt(HOUR_MS),
        'staking/unbondingMs': 64n * BigInt(HOUR_MS),
        'evidence/maxAgeMs': 24n * BigInt(HOUR_MS),
      },
    },
  })
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
    // a second bond with the same validator: to bond pays out what is due, so this is before anything is
    const owner = ['--home', join(paid.hive.home, 'bootstrap')]
    const staked = await nv(['wallet', 'stake', '1', '--yes', ...owner])
    expect(staked.code, staked.err).toBe(0)
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

  it('infer without a budget says at once what is asked and how to pay', async () => {
    const { code, err } = await infer()
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/asks to be paid, 100 NVY .*give --budget NVY \[CLIENT_PAYMENT_REQUIRED\]/),
    ])
  })

  it('infer pays from a wallet, says what, keeps its channel for the next call, and closes it when it is told to', async () => {
    type Answer = { paid: { amount: string; units: string; locked: string; fees: string; closed?: number } }
    const first = await paying('1', '--json')
    expect(first.code, first.out + first.err).toBe(0)
    const one = first.json<Answer>().paid
    expect(one).toMatchObject({ amount: String(BigInt(one.units) * UNIT_PRICE), budget: '1000000000' })
    expect([BigInt(one.locked) > 0n, BigInt(one.fees) > 0n]).toEqual([true, true])
    const { code, out } = await paying('1')
    expect([code, out]).toEqual([0, expect.stringContaining(`NVY for ${one.units} work units; `)])
    const last = await paying('1', '--settle', '--json')
    expect(last.code, last.out + last.err).toBe(0)
    const three = last.json<Answer>().paid
    expect(three).toMatchObject({ amount: one.amount, closed: 1, late: 0, locked: '0' })
    // the one channel that the first call opened was used by all
    expect(three.fees).toBe(one.fees)
    expect(await readdir(join(home, 'payments'))).toHaveLength(1)
  })

  it('infer stays within what it is allowed, in NVY', async () => {
    const dear = await paying('1', '--max-price', '0.000001')
    expect([dear.code, dear.err]).toEqual([
      2,
      expect.stringMatching(
        /costs 0\.\d+ NVY at least, and may cost 0\.000001 NVY: raise --budget, and --max-price/,
      ),
    ])
    const spent = await paying('0.002')
    expect([spent.code, spent.err]).toEqual([
      2,
      expect.stringMatching(/budget of 0\.002 NVY .*raise --budget/),
    ])
    const idle = await infer('--settle')
    expect([idle.code, idle.err]).toEqual([2, expect.stringContaining('give --budget NVY')])
  })

  it('wallet claims what bonds and work brought, each when it is due, and sends nothing where nothing is', async () => {
    const at = ['--home', join(paid.hive.home, 'bootstrap'), '--json']
    const wallet = async <T>(...args: string[]) => {
      const { code, out, err, json } = await nv(['wallet', ...args, ...at])
      expect(code, out + err).toBe(0)
      return json<T>()
    }
    const [owner, worker] = ['bootstrap', 'node-1'].map(name => [
      '--wallet',
      join(paid.hive.home, name, 'wallets', 'default.json'),
    ]) as [string[], string[]]
    type View = { rewards: string; work: { due: string }; bonds: { validator: string }[]; nonce: number }
    type Claims = { claimed: { of: string; due: string }[] }
    const { address } = await wallet<{ address: string }>('address', ...owner)
    // blocks enough to end the epoch of the runs that were paid for
    for (const amount of ['1', '2', '3']) await wallet('send', address, amount, '--yes', ...owner)
    const before = await wallet<View>('balance', ...owner)
    expect(before.bonds.map(({ validator }) => validator)).toEqual(Array(2).fill(before.bonds[0]!.validator))
    expect([before.rewards, before.work.due]).toEqual([expect.stringMatching(/^[1-9]/), '0'])
    const { claimed } = await wallet<Claims>('claim', '--yes', ...owner)
    expect(claimed).toMatchObject([{ of: 'staking', due: expect.stringMatching(/^[1-9]/) }])
    await wallet('unstake', '1', '--yes', ...owner)

    const work = await wallet<Claims>('claim', '--yes', ...worker)
    expect(work.claimed).toMatchObject([{ of: 'work', due: expect.stringMatching(/^[1-9]/) }])
    const { nonce } = await wallet<View>('balance', ...worker)
    const none = await nv(['wallet', 'claim', '--yes', ...worker, ...at.slice(0, 2)])
    expect([none.code, none.out]).toEqual([
      0,
      expect.stringMatching(/^Nothing is due to nv1\w+: nothing was sent\./),
    ])
    expect((await wallet<View>('balance', ...worker)).nonce).toBe(nonce)
  })
})
