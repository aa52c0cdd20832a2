import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Payer, payerOf, startValidators, untilHeight, type Validators } from '../../soak/_validators.ts'
import { setConfig } from '../../src/config/file.js'
import { type ChainClient, chainClient } from '../../src/hive/index.js'
import { nv } from '../cli/nv.js'
import { NV } from '../hive/fixture.js'

const HOUR_MS = 3_600_000

/** Ledger time that lies behind moves by two heartbeats a block: an epoch is over after a few blocks. */
const beginning = {
  timeMs: Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 12 * HOUR_MS,
  parameters: {
    'time/epochMs': BigInt(HOUR_MS),
    'time/heartbeatMs': 600_000n,
    'staking/unbondingMs': BigInt(24 * HOUR_MS),
    'evidence/maxAgeMs': BigInt(23 * HOUR_MS),
  },
}

describe('a chain whose validators come and go', () => {
  let validators: Validators
  let payer: Payer
  let home: string
  let newcomer: NodeProcess
  let client: ChainClient

  beforeAll(async () => {
    validators = await startValidators(NV, {
      beginning,
      settings: { 'chain.snapshotBlocks': 10 },
    })
    payer = await payerOf(validators)
    home = join(validators.folder, 'newcomer')
  })

  afterAll(async () => {
    await newcomer?.stop()
    await validators[Symbol.asyncDispose]()
  })

  const run = async (...args: string[]) => {
    const done = await nv([...args, '--json', '--home', home])
    expect(done.code, done.out + done.err).toBe(0)
    return done.json<Record<string, string>>()
  }
  const elected = async () =>
    (await client.validators()).filter(({ power }) => power > 0).map(({ key }) => key)
  const untilElected = async (wanted: (keys: readonly string[]) => boolean) => {
    for (;;) {
      const height = await payer.pay()
      await untilHeight([client], height)
      if (wanted(await elected())) return
    }
  }

  it('a newcomer begins with a snapshot of the others, and has the same blocks from there on', async () => {
    let height = 0
    while (height < 22) height = await payer.pay()
    await mkdir(home, { mode: 0o700 })
    await setConfig(join(home, 'config.jsonc'), 'chain.stateSync', true)
    await run('chain', 'key', '--new')
    newcomer = await startNode({
      nv: NV,
      command: 'start',
      home,
      bootstrap: validators.bootstrap,
      args: ['--loopback', '--genesis', validators.chain.genesis, '--validator'],
    })
    client = chainClient(newcomer.gateway)
    await untilHeight([client], await payer.pay())
    await expect(client.block('1')).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' })
    const newest = await client.block('latest')
    expect(await validators.client('node-1').block(String(newest.height))).toEqual(newest)
  })

  it('becomes a validator with coins behind it, and votes; one that takes his coins back is out', async () => {
    const { publicKey } = await run('chain', 'key')
    const wallet = ['--wallet', validators.chain.client.wallet, '--yes']
    await run('wallet', 'validate', '5000', ...wallet)
    await untilElected(keys => keys.includes(publicKey!))
    // Who is elected decides from the block after the next one on.
    while ((await client.status()).validators < 5) await untilHeight([client], await payer.pay())
    expect(await client.status()).toMatchObject({ validators: 5, validator: publicKey })

    const leaving = join(validators.folder, 'node-3')
    const { publicKey: old } = (await nv(['chain', 'key', '--json', '--home', leaving])).json<{
      publicKey: string
    }>()
    const out = await nv(['wallet', 'unstake', '100000', '--yes', '--json', '--home', leaving])
    expect(out.code, out.out + out.err).toBe(0)
    await untilElected(keys => !keys.includes(old))
    expect(await elected()).toHaveLength(4)
    expect(await payer.pay()).toBeGreaterThan(0)
  })
})
