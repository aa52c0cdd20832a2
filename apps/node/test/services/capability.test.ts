import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, silentLogger, systemClock, systemRandom } from '@neurovoyance/protocol'
import { createExecutor } from '@neurovoyance/runtime/node'
import { expect, it } from 'vitest'
import { readMeasurement, writeMeasurement } from '../../src/capability/measurement.js'
import { untilQuiet } from '../../src/capability/until-quiet.js'
import { capability } from '../../src/services/capability.js'
import { folder } from '../hive/fixture.js'

const context = { logger: silentLogger, clock: systemClock, random: systemRandom }
const figures = { backend: 'cpu', gflops: 100, memoryBandwidthMbps: 20_000, memoryBytes: 2 ** 30 }
const DAY_MS = 24 * 3_600_000
const unasked = {
  capability: () => Promise.reject(new Error('this machine has been measured')),
}

it('believes what was measured at an earlier start', async () => {
  const file = join(await folder('measured'), 'capability.json')
  await writeMeasurement(file, 'this machine', Date.now(), figures)
  const service = await capability({ file, of: 'this machine' })({ executor: unasked }, context)
  await service.done
  expect(service.measured()).toEqual(figures)
})

it('measures, where there is nothing to believe', async () => {
  await using executor = Object.assign(await createExecutor({ slots: 1 }), {
    [Symbol.asyncDispose]: () => executor.close(),
  })
  // as on a machine that is never quiet: every look is over at once
  const hasty: Clock = { ...systemClock, after: (_, callback) => systemClock.after(0, callback) }
  const service = await capability()({ executor }, { ...context, clock: hasty })
  await service.done
  expect(service.measured()?.gflops).toBeGreaterThan(0)
})

it('does not measure a node that is closing', async () => {
  const service = await capability()({ executor: unasked }, context)
  service.close?.()
  await service.done
  expect(service.measured()).toBeUndefined()
})

it('forgets a measurement of something else, of last month or of tomorrow, and one that is damaged', async () => {
  const file = join(await folder('measured'), 'capability.json')
  const nowMs = 1_800_000_000_000
  await writeMeasurement(file, 'this machine', nowMs, figures)
  expect(await readMeasurement(file, 'this machine', nowMs + DAY_MS)).toEqual(figures)
  expect(await readMeasurement(file, 'another machine', nowMs)).toBeUndefined()
  expect(await readMeasurement(file, 'this machine', nowMs + 30 * DAY_MS)).toBeUndefined()
  expect(await readMeasurement(file, 'this machine', nowMs - DAY_MS)).toBeUndefined()
  await writeFile(file, '{"of":"this machine","measuredAtMs":')
  expect(await readMeasurement(file, 'this machine', nowMs)).toBeUndefined()
})

it.each([
  { told: 'waits while the processors have work', idle: [0.1, 0.4, 0.6, 1], quiet: true, looks: 3 },
  { told: 'gives up on a machine that always has work', idle: [], quiet: false, looks: 12 },
])('$told', async ({ idle: shares, quiet, looks }) => {
  let looked = 0
  const time = { idle: 0, total: 0 }
  const clock: Clock = {
    ...systemClock,
    after(delayMs, callback) {
      time.total += delayMs
      time.idle += delayMs * (shares[looked++] ?? 0)
      queueMicrotask(callback)
      return () => {}
    },
  }
  const signal = new AbortController().signal
  const wait = untilQuiet({ clock, random: systemRandom, signal, processorTime: () => ({ ...time }) })
  expect(await wait).toBe(quiet)
  expect(looked).toBe(looks)
})
