import { once } from 'node:events'
import { join } from 'node:path'
import { startNode } from '@neurovoyance/testing/hive'
import { expect, it } from 'vitest'
import { prepareHiveChain } from '../../src/hive/index.js'
import { folder, NV } from '../hive/fixture.js'
import { nv, spawnNv } from './nv.js'

it('nv wallet says that the chain stands still and until when its transaction is valid, and Ctrl-C leaves it', async () => {
  const home = await folder('halted')
  const chain = await prepareHiveChain(home, ['bootstrap', 'node-1'])
  const args = ['--loopback', '--genesis', chain.genesis, '--validator']
  const start = (name: string, more: object) =>
    startNode({ nv: NV, home: join(home, name), args, command: 'start', ...more })
  const first = await start('bootstrap', { command: 'bootstrap' })
  const second = await start('node-1', { bootstrap: first.addresses })
  const at = ['--home', first.home]
  const send = ['wallet', 'send', chain.client.address, '1', '--yes', '--wallet', chain.client.wallet, ...at]
  const done = await nv(send)
  expect(done.code, done.err).toBe(0)
  // one of two validators decides nothing
  await second.stop()
  const { height } = (await nv(['chain', 'status', '--json', ...at])).json<{ height: number }>()
  const waiting = spawnNv(send)
  let err = ''
  for await (const text of waiting.stderr.setEncoding('utf8')) {
    err += text
    if (err.includes('Ctrl-C')) break
  }
  const [, still, id, until] =
    /stands still at height (\d+): .*Transaction (\w{64}) waits, and is valid until block (\d+)/.exec(err)!
  expect(Number(still)).toBeGreaterThanOrEqual(height)
  expect(Number(until)).toBeGreaterThan(Number(still))
  waiting.kill('SIGINT')
  expect(await once(waiting, 'exit')).toEqual([130, null])
  const left = await nv(['chain', 'tx', id!, '--json', ...at])
  expect(left.json()).toMatchObject({ height: 0 })
  await first.stop()
})
