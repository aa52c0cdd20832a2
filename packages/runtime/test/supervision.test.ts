import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { add, iterations, memoryHog, slow } from '@neurovoyance/testing/models'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createExecutor, type Executor, type ExecutorInit, type ModelFile } from '../src/node/index.js'
import { type TemporaryModels, temporaryModels } from './temporary-models.js'

const MiB = 1024 * 1024
const ENDLESS = { ...slow().inputs, iterations: iterations(1e12) }

let models: TemporaryModels
let sum: ModelFile
let loop: ModelFile
let hog: ModelFile
let executor: Executor

beforeAll(async () => {
  models = await temporaryModels()
  sum = await models.add(add())
  loop = await models.add(slow())
  hog = await models.add(memoryHog())
})

afterEach(() => executor.close())
afterAll(() => models.remove())

async function start(init: ExecutorInit = {}): Promise<number> {
  executor = await createExecutor({ threads: 1, ...init })
  await executor.load(sum)
  await executor.load(loop, { warmUp: false })
  return childPid()
}

function childPid(): number {
  return executor.status().children[0]!.pid
}

async function expectHonestWork(): Promise<void> {
  const { outputs } = await executor.run({ model: sum, inputs: add().inputs, client: 'honest' })
  expect(outputs).toEqual(add().outputs)
}

describe('a run that takes too long', () => {
  it('is ended at its deadline, and its slot goes on with a new child', async () => {
    const pid = await start()
    const late = executor.run({ model: loop, inputs: ENDLESS, deadlineMs: 100 })
    const honest = expectHonestWork()
    await expect(late).rejects.toMatchObject({
      code: 'RUNTIME_DEADLINE_EXCEEDED',
      details: { deadlineMs: 100, phase: 'running' },
    })
    await honest
    expect(childPid()).not.toBe(pid)
    expect(isAlive(pid)).toBe(false)
  })

  it('is ended when its caller cancels it', async () => {
    const pid = await start()
    const controller = new AbortController()
    const cancelled = executor.run({ model: loop, inputs: ENDLESS, signal: controller.signal })
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'RUNTIME_CANCELLED' })
    await expectHonestWork()
    expect(childPid()).not.toBe(pid)
  })

  it('keeps its child where it ends within the grace', async () => {
    const pid = await start({ graceMs: 60_000 })
    const inputs = { ...slow().inputs, iterations: iterations(500) }
    const late = executor.run({ model: loop, inputs, deadlineMs: 1 })
    await expect(late).rejects.toMatchObject({ code: 'RUNTIME_DEADLINE_EXCEEDED' })
    await expectHonestWork()
    expect(childPid()).toBe(pid)
  })

  it('leaves the event loop of the caller alone', async () => {
    await start()
    let beats = 0
    const heart = setInterval(() => beats++, 5)
    const late = executor.run({ model: loop, inputs: ENDLESS, deadlineMs: 500 })
    await expect(late).rejects.toMatchObject({ code: 'RUNTIME_DEADLINE_EXCEEDED' })
    clearInterval(heart)
    expect(beats).toBeGreaterThan(10)
  })
})

describe('a job that waits', () => {
  it('is dropped at its deadline or cancellation without disturbing the run before it', async () => {
    const pid = await start()
    const controller = new AbortController()
    const inputs = { ...slow().inputs, iterations: iterations(4000) }
    const running = executor.run({ model: loop, inputs })
    const late = executor.run({ model: sum, inputs: add().inputs, deadlineMs: 1 })
    const cancelled = executor.run({ model: sum, inputs: add().inputs, signal: controller.signal })
    expect(executor.status().queueDepth).toBe(2)
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'RUNTIME_CANCELLED' })
    await expect(late).rejects.toMatchObject({ details: { phase: 'waiting' } })
    expect(executor.status().queueDepth).toBe(0)
    expect((await running).outputs).toEqual(slow(4000).outputs)
    expect(childPid()).toBe(pid)
  })

  it('is not let in when it comes cancelled or late', async () => {
    await start()
    const run = (init: object) => executor.run({ model: sum, inputs: add().inputs, ...init })
    await expect(run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'RUNTIME_CANCELLED' })
    await expect(run({ deadlineMs: 0 })).rejects.toMatchObject({ code: 'RUNTIME_DEADLINE_EXCEEDED' })
    expect((await run({ deadlineMs: Number.POSITIVE_INFINITY })).outputs).toEqual(add().outputs)
    expect(executor.status().models.every(({ inFlight }) => inFlight === 0)).toBe(true)
  })
})

describe('a child that dies', () => {
  it('costs the job that it ran, and nobody else', async () => {
    const pid = await start()
    const hit = executor.run({ model: loop, inputs: ENDLESS })
    const honest = expectHonestWork()
    process.kill(pid, 'SIGKILL')
    await expect(hit).rejects.toMatchObject({ code: 'RUNTIME_CHILD_CRASHED', details: { signal: 'SIGKILL' } })
    await honest
  })

  it('has the job that it was sent ahead done by the next', async () => {
    const pid = await start()
    const hit = executor.run({ model: loop, inputs: ENDLESS })
    const ahead = ['first', 'second'].map(client =>
      executor.run({ model: loop, inputs: slow(20).inputs, client }),
    )
    process.kill(pid, 'SIGKILL')
    await expect(hit).rejects.toMatchObject({ code: 'RUNTIME_CHILD_CRASHED' })
    for (const { outputs } of await Promise.all(ahead)) expect(outputs).toEqual(slow(20).outputs)
    expect(executor.status().models.every(({ inFlight }) => inFlight === 0)).toBe(true)
  })

  it('has a job that was cancelled after it was sent ahead ended, too', async () => {
    const pid = await start()
    const controller = new AbortController()
    const before = executor.run({ model: loop, inputs: slow(500).inputs })
    const ahead = executor.run({ model: loop, inputs: ENDLESS, signal: controller.signal })
    const cut = expect(ahead).rejects.toMatchObject({ code: 'RUNTIME_CANCELLED' })
    controller.abort()
    await cut
    expect((await before).outputs).toEqual(slow(500).outputs)
    await expectHonestWork()
    expect(childPid()).not.toBe(pid)
  })

  it('is replaced when it dies idle', async () => {
    const pid = await start()
    process.kill(pid, 'SIGKILL')
    const outcome = await executor.run({ model: sum, inputs: add().inputs }).catch(error => error)
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'RUNTIME_CHILD_CRASHED' })
    await expectHonestWork()
    expect(childPid()).not.toBe(pid)
  })
})

describe('a model that takes all memory', () => {
  const memoryLimitBytes = 384 * MiB

  it('ends when its child is over its limit', async () => {
    await start({ memoryLimitBytes })
    const greedy = executor.run({ model: hog, inputs: memoryHog(256 * MiB).inputs })
    const honest = expectHonestWork()
    await expect(greedy).rejects.toMatchObject({
      code: 'RUNTIME_OUT_OF_MEMORY',
      details: { limitBytes: memoryLimitBytes },
    })
    await honest
  })

  it('gets an error where it asks for more than there can be', async () => {
    await start({ memoryLimitBytes })
    const greedy = executor.run({ model: hog, inputs: memoryHog(2 ** 40).inputs })
    await expect(greedy).rejects.toMatchObject({ code: 'RUNTIME_OUT_OF_MEMORY' })
    await expectHonestWork()
  })
})

describe('a closed executor', () => {
  it('rejects what runs, what waits and what comes, and leaves no child', async () => {
    const pid = await start()
    const running = executor.run({ model: loop, inputs: ENDLESS })
    const waiting = executor.run({ model: sum, inputs: add().inputs })
    const closed = executor.close()
    await expect(running).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
    await expect(waiting).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
    await closed
    expect(isAlive(pid)).toBe(false)
    const after = executor.run({ model: sum, inputs: add().inputs })
    await expect(after).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
  })
})

describe('a child', () => {
  it.skipIf(process.platform !== 'linux')('has no secrets of its parent (reads /proc)', async () => {
    process.env.NEUROVOYANCE_TEST_SECRET = 'do not pass on'
    const pid = await start()
    delete process.env.NEUROVOYANCE_TEST_SECRET
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    expect(environment).toContain('PATH=')
    expect(environment).not.toContain('SECRET')
  })

  it('has ONNX Runtime tell nobody what it runs', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'telemetry-'))
    const { TMPDIR } = process.env
    process.env.TMPDIR = temporary
    await start()
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    // Its telemetry keeps a session file and a log there.
    expect(readdirSync(temporary).filter(name => /^\.ses$|^mat-debug/.test(name))).toEqual([])
    await rm(temporary, { recursive: true })
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
