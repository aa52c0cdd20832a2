import { NeurovoyanceError, silentLogger, systemClock, systemRandom } from '@neurovoyance/protocol'
import { createMarket } from '@neurovoyance/scheduler'
import { afterEach, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/file.js'
import { type HostingService, hosting } from '../../src/services/hosting.js'

const MiB = 2 ** 20
const context = { logger: silentLogger, clock: systemClock, random: systemRandom }

describe('hosting', () => {
  let service: HostingService

  async function hostingWith(
    memoryLimitBytes: number,
    { auto = true, add = () => new Promise<never>(() => {}) } = {},
  ): Promise<HostingService> {
    service = await hosting({ config: parseConfig({ hosting: { auto } }).hosting })(
      {
        network: { peerId: 'self' },
        client: { market: createMarket() } as never,
        models: {
          list: () => [],
          add,
          remove: () => Promise.resolve(),
          onChange: () => () => {},
        },
        executor: { status: () => ({ memoryLimitBytes }) as never },
      },
      context,
    )
    return service
  }

  afterEach(() => service.close?.())

  const wish = (bytes: number) => service.request({ model: 'bafy', name: 'large', bytes })

  it('takes only what the executor may load, whatever memory the machine has', async () => {
    await hostingWith(256 * MiB)
    expect(wish(256 * MiB)).toMatchObject({ accepted: false, reason: expect.stringContaining('memory') })
    await hostingWith(512 * MiB)
    expect(wish(256 * MiB)).toMatchObject({ accepted: true })
  })

  it('takes nothing where its owner wants none', async () => {
    await hostingWith(512 * MiB, { auto: false })
    expect(wish(1)).toMatchObject({ accepted: false, reason: expect.stringContaining('owner') })
  })

  it('says of a model that it has fetched what was wrong with it, and does not fetch it again', async () => {
    let fetches = 0
    await hostingWith(512 * MiB, {
      add() {
        fetches++
        return Promise.reject(new NeurovoyanceError('ONNX_NOT_A_MODEL', 'it is a text'))
      },
    })
    expect(wish(1)).toMatchObject({ accepted: true })
    await new Promise(setImmediate)
    expect(() => wish(1)).toThrow(expect.objectContaining({ code: 'ONNX_NOT_A_MODEL' }))
    expect(fetches).toBe(1)
  })

  it('tries again where it was not the model that was at fault', async () => {
    await hostingWith(512 * MiB, {
      add: () => Promise.reject(new NeurovoyanceError('P2P_DISK_FULL', 'no room')),
    })
    wish(1)
    await new Promise(setImmediate)
    expect(wish(1)).toMatchObject({ accepted: true })
  })
})
