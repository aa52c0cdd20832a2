import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/cli/doctor/home.js'
import { checkNetwork } from '../../src/cli/doctor/network.js'
import { checkPayments } from '../../src/cli/doctor/payments.js'
import { checkPorts } from '../../src/cli/doctor/ports.js'
import { checkRuntime } from '../../src/cli/doctor/runtime.js'
import { initConfig, parseConfig } from '../../src/config/file.js'
import { resolveHome } from '../../src/config/home.js'
import type { NodeStatus } from '../../src/status.js'
import { folder } from '../hive/fixture.js'

const DAY_MS = 86_400_000
/** A provider that this platform has not. */
const ABSENT = process.platform === 'win32' ? 'coreml' : 'dml'

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('nv doctor', () => {
  const running = (clockAheadMs: number | null, peers = 2) =>
    [...checkNetwork({ peers, addresses: ['a'], clockAheadMs } as unknown as NodeStatus)].map(
      ({ check, verdict, found }) => [check, verdict, found],
    )

  it('warns of a clock that is minutes off the peers’, and of no less', () => {
    expect(running(DAY_MS)[1]).toEqual(['clock', 'warn', '24 h 0 min ahead of the peers’'])
    expect(running(-600_000)[1]).toEqual(['clock', 'warn', '10 min behind the peers’'])
    expect(running(5_000)[1]).toEqual(['clock', 'ok', 'agrees with the peers’'])
    expect(running(null)).toHaveLength(1)
  })

  it('warns of a node without peers, and where none runs', () => {
    expect(running(null, 0)[0]).toEqual(['network', 'warn', '0 peers, 1 addresses'])
    expect([...checkNetwork(undefined)]).toMatchObject([{ check: 'network', verdict: 'warn' }])
  })

  it('tells what is wrong with payments, and nothing where the node asks no price', () => {
    const paid = (payments: NodeStatus['payments']) =>
      [...checkPayments({ payments } as unknown as NodeStatus)].map(({ verdict, found }) => [verdict, found])
    expect(paid(null)).toEqual([])
    expect(paid({ problems: [] })).toEqual([['ok', 'what is charged is written down']])
    expect(paid({ problems: ['the disk is full'] })).toEqual([['warn', 'the disk is full']])
  })

  it('says whether there is a config file, or the defaults hold', async () => {
    const home = resolveHome(await folder('doctor'))
    expect((await checkConfig(home)).finding).toEqual({
      check: 'config',
      verdict: 'ok',
      found: `no ${home.config}: the defaults hold`,
    })
    await initConfig(home.config)
    expect((await checkConfig(home)).finding).toEqual({ check: 'config', verdict: 'ok', found: home.config })
  })

  it('tries the providers of the settings and says why one is passed over', async () => {
    const { runtime } = parseConfig({ runtime: { providers: [ABSENT, 'cpu'] } })
    expect(await all(checkRuntime(runtime, undefined))).toEqual([
      { check: 'runtime', verdict: 'ok', found: expect.stringMatching(/^cpu, \d+ GFLOP\/s/) },
      {
        check: 'runtime',
        verdict: 'warn',
        found: expect.stringMatching(new RegExp(`^${ABSENT} is passed over: .+`)),
        advice: expect.stringContaining('runtime.providers'),
      },
    ])
  })

  it('names the port that another program has, and its setting', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const listen = { host: '127.0.0.1', tcp: port, ws: null, webrtc: null }
    const findings = await all(checkPorts(parseConfig({ listen, gateway: { port: 0 } })))
    expect(findings).toEqual([
      {
        check: 'port',
        verdict: 'fail',
        found: `${port} (listen.tcp): taken`,
        advice: expect.stringContaining('nv config set listen.tcp 0'),
      },
    ])
    server.close()
  })
})
