import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Outcome } from '../src/report.js'
import { type Demo, startDemo } from './demo.js'
import { canSeeProcesses, descendantsOf, isThere, type Process } from './processes.js'

/** More than a node makes in one run of the demo. */
const SETTLEMENTS = 100
const TIMEOUT_MS = 180_000
const PNG_SIGNATURE = '89504e470d0a1a0a'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-test-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

it('reads a page on five processes, tells it in one JSON object, and leaves nothing behind', {
  timeout: TIMEOUT_MS,
}, async () => {
  const demo = startDemo(folder, ['--once', '--json', '--pages', '1'])
  await demo.told(/The hive reads 1 page of/)
  const processes = canSeeProcesses ? descendantsOf(demo.pid) : []
  const { code, stdout, stderr } = await demo.ended
  const outcome = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Outcome

  expect(code, stderr).toBe(0)
  expect(outcome).toMatchObject({ ok: true, nodes: 3, processes: 5 })
  expect(outcome.text).toContain('Call me Ishmael')
  expect(outcome.text).toBe(outcome.localText)
  expect(outcome.seconds).toBeGreaterThan(0)
  expect(new Set(outcome.jobs.map(({ node }) => node)).size).toBeGreaterThan(1)
  expect(new Set(outcome.jobs.map(({ kind }) => kind))).toEqual(new Set(['detection', 'recognition']))
  for (const job of outcome.jobs) {
    expect(job.model).toBe(`${outcome.model}/${job.kind}`)
    expect(job.latencyMs).toBeGreaterThan(0)
  }
  expect(outcome.pictures).toEqual([join(folder, 'out', 'moby-dick-1.png')])
  for (const picture of outcome.pictures)
    expect(readFileSync(picture).subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE)
  expect(stderr).toContain('The same text as without the network.')

  // Every answer was paid, every voucher redeemed, and the client's balance is proven.
  const { payments, chain } = outcome
  // A node that was slower than the others on a busy machine has a channel, and maybe no job.
  const paid = payments!.filter(({ amount }) => amount !== '0')
  expect(paid.map(({ node }) => node)).toEqual(
    expect.arrayContaining([...new Set(outcome.jobs.map(({ node }) => node))]),
  )
  for (const { amount, vouchers, settledTx, earned } of paid) {
    expect(vouchers).toBeGreaterThan(0)
    expect(settledTx).toMatch(/^[0-9a-f]{64}$/)
    expect(BigInt(earned)).toBeGreaterThan(0n)
    expect(BigInt(earned)).toBeLessThan(BigInt(amount))
  }
  const held = Object.values(chain!.supply.held).reduce((sum, amount) => sum + BigInt(amount), 0n)
  expect(chain).toMatchObject({ validators: 4, stateRoot: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(chain!.client.provenAt).toBe(chain!.height)
  expect(held).toBe(BigInt(chain!.supply.total))
  expect(BigInt(chain!.supply.burnt)).toBeGreaterThan(0n)
  expect(stderr).toContain('proven under the header of block')
  // What was paid and not earned is what the shares say, and the few fees of settling.
  const { burnt, stakers, treasury } = chain!.shares
  for (const { amount, earned } of paid) {
    const kept = (Number(amount) * (1_000_000 - burnt - stakers - treasury)) / 1_000_000
    // each share is rounded down, in the worker's favour, at every settlement
    expect(Number(earned)).toBeLessThan(kept + 3 * SETTLEMENTS)
    expect(Number(earned)).toBeGreaterThan(kept - 1_000_000)
  }
  expect(stderr).toMatch(/Of each payment \d+(\.\d+)?% is burnt/)
  expect(chain!.settledMs.length).toBeGreaterThan(0)
  expect(chain!.settledMs).toContain(chain!.finalityMs)
  expect(stderr).toMatch(/The client's \d+ transactions? took \d+ ms from submitting to being settled/)

  // A bootstrap, three nodes, and for each of these the child that runs its models.
  if (canSeeProcesses) expect(processes.length).toBeGreaterThanOrEqual(7)
  expect(processes.filter(isThere)).toEqual([])
  expect(hivesIn(demo.temporary)).toEqual([])
})

it.each([
  [['--pages', '0'], "--pages takes a whole number from 1 to 50, not '0'"],
  [['--budget', 'nonsense'], "--budget takes an amount of NVY above 0, such as 0.5, not 'nonsense'"],
  [['--free', '--budget', '1'], '--free and --budget exclude each other: nobody pays, or you do'],
])(
  'tells wrong usage by exit code 2 and in one JSON object, too: %j',
  { timeout: TIMEOUT_MS },
  async (args, message) => {
    const demo = startDemo(folder, ['--once', '--json', ...args])
    const { code, stdout, stderr } = await demo.ended

    expect(code).toBe(2)
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toEqual({ ok: false, error: { message } })
    expect(stderr).toBe(`npm start: ${message} (try 'npm start -- --help')\n`)
  },
)

it('says which option to raise where the budget is too small, in NVY', { timeout: TIMEOUT_MS }, async () => {
  const demo = startDemo(folder, ['--once', '--pages', '1', '--budget', '0.001'])
  const { code, stderr } = await demo.ended
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(
      /npm start: it costs 0\.\d+ NVY at least, and may cost 0\.001 NVY: raise --budget\n$/,
    ),
  ])
})

describe.skipIf(!canSeeProcesses)('leaves no process behind (needs /proc)', () => {
  const endings: {
    name: string
    by: 'itself' | 'launcher'
    end(demo: Demo): void
    /** Exit code; `null` for what was killed. */
    code: number | null
    /** Whether it had a chance to remove its files, and to say that it was interrupted. */
    clean: boolean
  }[] = [
    { name: 'a hang-up', by: 'itself', end: hangUp, code: 130, clean: true },
    {
      name: 'Ctrl-C that comes twice, from the terminal and from npm',
      by: 'itself',
      code: 130,
      clean: true,
      end({ pid }) {
        process.kill(pid, 'SIGINT')
        process.kill(pid, 'SIGINT')
      },
    },
    { name: 'kill -9 of the demo', by: 'itself', end: kill, code: null, clean: false },
    { name: 'a hang-up of the launcher', by: 'launcher', end: hangUp, code: 130, clean: true },
    { name: 'kill -9 of the launcher', by: 'launcher', end: kill, code: null, clean: true },
    {
      name: 'a reader of its output that goes away',
      by: 'itself',
      code: 130,
      clean: true,
      end({ child }) {
        child.stderr!.destroy()
        child.stdout!.destroy()
      },
    },
  ]

  it.each(endings)('after $name', { timeout: TIMEOUT_MS }, async ({ by, end, code, clean }) => {
    const demo = startDemo(folder, ['--pages', '1'], by)
    await demo.told(/The hive reads 1 page of/)
    const processes = descendantsOf(demo.pid)
    expect(processes.length).toBeGreaterThanOrEqual(7)
    end(demo)
    expect((await demo.ended).code).toBe(code)
    await gone(processes)
    if (clean) expect(hivesIn(demo.temporary)).toEqual([])
  })
})

function hangUp({ pid }: Demo): void {
  process.kill(pid, 'SIGHUP')
}

function kill({ pid }: Demo): void {
  process.kill(pid, 'SIGKILL')
}

/** Homes of hives; ONNX Runtime and Node leave logs and caches of their own beside them. */
function hivesIn(temporary: string): string[] {
  return readdirSync(temporary).filter(name => name.startsWith('neurovoyance-'))
}

/** Waits until none of the processes is left; processes that are not our children tell nobody when they end. */
function gone(processes: readonly Process[]): Promise<void> {
  return expect.poll(() => processes.filter(isThere), { timeout: 30_000 }).toEqual([])
}
