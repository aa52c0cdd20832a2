import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFairQueue,
  dequeue,
  enqueue,
  type FairQueue,
  type QueuedJob,
  type QueueLimits,
  settle,
  withdraw,
} from '../../src/core/fair-queue.js'

const ROOMY: QueueLimits = { maxJobs: 1e6, maxBytes: 1e9, maxJobsPerClient: 1e6, maxJobsPerModel: 1e6 }

interface TestJob extends QueuedJob {
  readonly serial: number
}

let serial = 0
function job(init: Partial<QueuedJob>): TestJob {
  return { client: 'a', model: 'm', bytes: 1, cost: 1, serial: serial++, ...init }
}

function drain(queue: FairQueue<TestJob>): TestJob[] {
  const order: TestJob[] = []
  for (let next = dequeue(queue); next !== undefined; next = dequeue(queue)) {
    settle(queue, next, next.cost)
    order.push(next)
  }
  return order
}

describe('order', () => {
  it('is first come, first served within a client and model', () => {
    const queue = createFairQueue<TestJob>(ROOMY)
    const jobs = Array.from({ length: 5 }, () => job({}))
    for (const each of jobs) enqueue(queue, each)
    expect(drain(queue)).toEqual(jobs)
  })

  it('alternates between clients, however many jobs each has', () => {
    const queue = createFairQueue<TestJob>(ROOMY)
    for (let count = 0; count < 6; count++) enqueue(queue, job({ client: 'greedy' }))
    for (let count = 0; count < 2; count++) enqueue(queue, job({ client: 'modest' }))
    const clients = drain(queue).map(({ client }) => client[0])
    expect(clients.join('')).toBe('gmgmgggg')
  })

  it('alternates between the models of a client', () => {
    const queue = createFairQueue<TestJob>(ROOMY)
    for (const model of ['x', 'x', 'x', 'y']) enqueue(queue, job({ model }))
    expect(
      drain(queue)
        .map(({ model }) => model)
        .join(''),
    ).toBe('xyxx')
  })

  it('gives a client no more for having many models', () => {
    const queue = createFairQueue<TestJob>(ROOMY)
    for (const model of 'abcdef') enqueue(queue, job({ client: 'many', model }))
    for (let count = 0; count < 3; count++) enqueue(queue, job({ client: 'one' }))
    const first = drain(queue).slice(0, 6)
    expect(first.filter(({ client }) => client === 'one')).toHaveLength(3)
  })

  it('counts what jobs cost, not how many they are', () => {
    const queue = createFairQueue<TestJob>(ROOMY)
    for (let count = 0; count < 4; count++) enqueue(queue, job({ client: 'dear', cost: 3 }))
    for (let count = 0; count < 12; count++) enqueue(queue, job({ client: 'cheap', cost: 1 }))
    const early = drain(queue).slice(0, 8)
    expect(early.filter(({ client }) => client === 'cheap')).toHaveLength(6)
  })

  it('charges what a job really cost', () => {
    const queue = createFairQueue<TestJob>(ROOMY)
    for (let count = 0; count < 3; count++) enqueue(queue, job({ client: 'liar' }))
    for (let count = 0; count < 3; count++) enqueue(queue, job({ client: 'honest' }))
    const first = dequeue(queue)!
    expect(first.client).toBe('liar')
    settle(queue, first, 100)
    expect(
      drain(queue)
        .map(({ client }) => client[0])
        .join(''),
    ).toBe('hhhll')
  })
})

describe('limits', () => {
  it('are told by name', () => {
    const queue = createFairQueue<TestJob>({
      maxJobs: 4,
      maxBytes: 100,
      maxJobsPerClient: 2,
      maxJobsPerModel: 3,
    })
    expect(enqueue(queue, job({ bytes: 101 }))).toBe('maxBytes')
    expect(enqueue(queue, job({}))).toBeUndefined()
    expect(enqueue(queue, job({}))).toBeUndefined()
    expect(enqueue(queue, job({}))).toBe('maxJobsPerClient')
    expect(enqueue(queue, job({ client: 'b' }))).toBeUndefined()
    expect(enqueue(queue, job({ client: 'c' }))).toBe('maxJobsPerModel')
    expect(enqueue(queue, job({ client: 'c', model: 'n' }))).toBeUndefined()
    expect(enqueue(queue, job({ client: 'd', model: 'o' }))).toBe('maxJobs')
  })
})

/** What a caller may do: put in, take out the next, take out any, tell what one cost. */
const action = fc.oneof(
  fc.record({
    kind: fc.constant('enqueue' as const),
    client: fc.constantFrom('a', 'b', 'c', 'd'),
    model: fc.constantFrom('m', 'n', 'o'),
    cost: fc.integer({ min: 1, max: 50 }),
    bytes: fc.integer({ min: 0, max: 20 }),
  }),
  fc.record({ kind: fc.constant('dequeue' as const) }),
  fc.record({ kind: fc.constant('withdraw' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('settle' as const), pick: fc.nat(), cost: fc.integer({ min: 0, max: 90 }) }),
)

describe('against a model', () => {
  it('loses no job, gives none twice, keeps its limits and each flow in order', () => {
    const limits = { maxJobs: 12, maxBytes: 90, maxJobsPerClient: 5, maxJobsPerModel: 7 }
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), actions => {
        const queue = createFairQueue<TestJob>(limits)
        const waiting = new Set<TestJob>()
        const running = new Set<TestJob>()
        for (const each of actions) {
          if (each.kind === 'enqueue') {
            const next = job(each)
            if (enqueue(queue, next) === undefined) waiting.add(next)
          } else if (each.kind === 'dequeue') {
            const next = dequeue(queue)
            expect(next === undefined).toBe(waiting.size === 0)
            if (next === undefined) continue
            expect(waiting.delete(next)).toBe(true)
            const before = [...waiting].filter(
              ({ client, model }) => client === next.client && model === next.model,
            )
            expect(before.every(other => other.serial > next.serial)).toBe(true)
            running.add(next)
          } else if (each.kind === 'withdraw') {
            const picked = [...waiting, ...running].at(each.pick % (waiting.size + running.size || 1))
            if (picked !== undefined) expect(withdraw(queue, picked)).toBe(waiting.delete(picked))
          } else {
            const picked = [...running].at(each.pick % (running.size || 1))
            if (picked === undefined) continue
            running.delete(picked)
            settle(queue, picked, each.cost)
          }
          expectLimits(queue, waiting)
        }
        for (const each of running) settle(queue, each, each.cost)
        expect(new Set(drain(queue))).toEqual(waiting)
        expect(queue.clients.flows.size).toBe(0)
        expect(queue.bytes).toBe(0)
      }),
    )

    function expectLimits(queue: FairQueue<TestJob>, waiting: ReadonlySet<TestJob>): void {
      const bytes = [...waiting].reduce((sum, each) => sum + each.bytes, 0)
      expect(queue).toMatchObject({ jobs: waiting.size, bytes })
      expect(waiting.size).toBeLessThanOrEqual(limits.maxJobs)
      expect(bytes).toBeLessThanOrEqual(limits.maxBytes)
      for (const key of ['client', 'model'] as const) {
        const counts = [...waiting].map(one => [...waiting].filter(other => other[key] === one[key]).length)
        const limit = key === 'client' ? limits.maxJobsPerClient : limits.maxJobsPerModel
        expect(Math.max(0, ...counts)).toBeLessThanOrEqual(limit)
      }
    }
  })

  it('serves backlogged clients alike, to within one job each', () => {
    const MAX_COST = 20
    const costs = fc.array(fc.integer({ min: 1, max: MAX_COST }), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(costs, costs, costs, (...clients) => {
        const queue = createFairQueue<TestJob>(ROOMY)
        for (const [index, each] of clients.entries()) {
          for (const cost of each) enqueue(queue, job({ client: String(index), cost }))
        }
        const served = [0, 0, 0]
        const waiting = [20, 20, 20]
        while (waiting.every(count => count > 0)) {
          const next = dequeue(queue)!
          served[Number(next.client)]! += next.cost
          waiting[Number(next.client)]!--
          settle(queue, next, next.cost)
          expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(2 * MAX_COST)
        }
      }),
    )
  })
})
