import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startNode } from '@neurovoyance/testing/hive'
import { expect, it } from 'vitest'
import { chainClient, prepareHiveChain } from '../../src/hive/index.js'
import { folder, NV } from '../hive/fixture.js'
import { nv } from './nv.js'

it('a chain goes back by a block, forgets old ones, and goes on as another with all its coins', async () => {
  const hive = await folder('folder')
  const home = join(hive, 'bootstrap')
  const chain = await prepareHiveChain(hive, ['bootstrap'])
  const start = (at: string, genesis: string) =>
    startNode({
      nv: NV,
      command: 'bootstrap',
      home: at,
      args: ['--loopback', '--genesis', genesis, '--validator'],
    })
  const run = async (at: string, ...args: string[]) => {
    const done = await nv([...args, '--json', '--home', at])
    expect(done.code, done.out + done.err).toBe(0)
    return done.json<Record<string, unknown>>()
  }
  const pay = (at: string) =>
    run(at, 'wallet', 'send', chain.client.address, '1', '--wallet', chain.client.wallet, '--yes')

  const first = await start(home, chain.genesis)
  await pay(home)
  await pay(home)
  const busy = await nv(['chain', 'rollback', '--json', '--home', home])
  expect(busy.json()).toMatchObject({ error: { code: 'NODE_HOME_IN_USE' } })
  await first.stop()

  const { height } = (await run(home, 'chain', 'rollback')) as { height: number }
  const again = await start(home, chain.genesis)
  expect((await chainClient(again.gateway).status()).height).toBeGreaterThan(height)
  await pay(home)
  const supply = await chainClient(again.gateway).supply()
  await again.stop()

  expect((await run(home, 'chain', 'prune', '--keep', '2')).first).toBeGreaterThan(1)
  const out = join(hive, 'export')
  const { genesis } = await run(home, 'chain', 'export', out, '--chain-id', 'other-1')
  const next = join(hive, 'next')
  await mkdir(join(next, 'chain'), { recursive: true })
  await copyFile(join(home, 'chain', 'validator.key'), join(next, 'chain', 'validator.key'))
  await run(next, 'genesis', 'sign', genesis as string)
  await run(next, 'genesis', 'check', genesis as string)
  await run(next, 'chain', 'import', out)
  const other = await start(next, genesis as string)
  expect(await run(next, 'chain', 'status')).toMatchObject({ chainId: 'other-1' })
  expect((await chainClient(other.gateway).supply()).held).toEqual(supply.held)
  await pay(next)
  await other.stop()
})
