import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Client, InferResult } from '@neurovoyance/client'
import type { ClientPayments } from '@neurovoyance/client/pay'
import { createTensor, type Tensor } from '@neurovoyance/protocol'
import type { NodeProcess } from '@neurovoyance/testing/hive'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, untilHosted } from '../hive/fixture.js'
import { type PaidHive, startPaidHive } from './paid-hive.js'

const SMOL_LM = fileURLToPath(new URL('../../../../../shared/models/smollm2-135m-instruct', import.meta.url))
/** Some tokens of the model. */
const PROMPT = [6403, 2213, 253, 655]
const STEPS = 10
const KILLED_AT = 5

const whole = (values: readonly number[]): Tensor =>
  createTensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])

describe('a long request, step by step (skipped where ../shared/models is absent)', () => {
  let hive: PaidHive
  let model: string

  const isHere = existsSync(SMOL_LM)

  beforeAll(async () => {
    if (!isHere) return
    hive = await startPaidHive(await folder('steps'), ['node-1', 'node-2'], { price: '0.001' })
    const added = await Promise.all(hive.nodes.map(node => hive.addModel(node, SMOL_LM)))
    model = added[0]!
  }, 120_000)

  afterAll(() => hive?.[Symbol.asyncDispose]())

  /** Generates greedily, each token a run of its own that is paid; `before` is told of each. */
  async function generate(client: Client, before: (step: number, last?: InferResult) => Promise<void>) {
    const { inputs: wanted } = await client.models.describe(model)
    let memory: Record<string, Tensor> = Object.fromEntries(
      wanted
        .filter(({ name }) => name.startsWith('past_key_values'))
        .map(({ name, dims }) => {
          const shape = dims!.map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? 1 : 0))
          return [name, createTensor('float32', new Float32Array(0), shape)]
        }),
    )
    const tokens: number[] = []
    const runs: InferResult[] = []
    let feed: readonly number[] = PROMPT
    for (let step = 0; step < STEPS; step++) {
      await before(step, runs.at(-1))
      const past = PROMPT.length + tokens.length - feed.length
      const run = await client.infer({
        model,
        inputs: {
          input_ids: whole(feed),
          attention_mask: whole(Array.from({ length: past + feed.length }, () => 1)),
          position_ids: whole(feed.map((_, index) => past + index)),
          ...memory,
        },
        deadlineMs: 60_000,
      })
      runs.push(run)
      const { data, dims } = run.outputs.logits!
      const last = (data as Float32Array).subarray((data as Float32Array).length - dims.at(-1)!)
      const token = last.reduce((best, value, index) => (value > last[best]! ? index : best), 0)
      memory = Object.fromEntries(
        Object.keys(memory).map(name => [name, run.outputs[name.replace('past_key_values', 'present')]!]),
      )
      tokens.push(token)
      feed = [token]
    }
    return { tokens, runs }
  }

  const chargedOf = (runs: readonly InferResult[]) =>
    runs.reduce((sum, { charge }) => sum + charge!.amount, 0n)

  const lostOf = (payments: ClientPayments) =>
    payments.report().channels.reduce((sum, { lost }) => sum + lost, 0n)

  it.skipIf(!isHere)(
    'a node killed in the middle costs a step at most, and the rest goes on elsewhere, to the same words',
    { timeout: 120_000 },
    async () => {
      const { client, payments } = await hive.client()
      await untilHosted(client, model, 2)
      const undisturbed = await generate(client, async () => undefined)
      expect(undisturbed.runs.every(({ charge }) => charge!.amount > 0n)).toBe(true)
      const used = () => payments.report().channels.reduce((sum, channel) => sum + channel.used, 0n)
      // a busy machine may have had an attempt given up
      expect(used() - chargedOf(undisturbed.runs)).toBe(lostOf(payments))
      const lostBefore = lostOf(payments)

      let victim: NodeProcess | undefined
      let killed: Promise<void> | undefined
      const disturbed = await generate(client, async (step, last) => {
        if (step !== KILLED_AT) return
        victim = hive.nodes.find(({ peerId }) => peerId === last!.node)
        // the next run is on its way to it, or not yet: whichever, it dies
        killed = victim!.kill()
      })
      await killed
      expect(disturbed.tokens).toEqual(undisturbed.tokens)
      const after = disturbed.runs.slice(KILLED_AT).map(({ node }) => node)
      expect(after).not.toContain(victim!.peerId)
      const step = Math.max(...disturbed.runs.map(({ charge }) => Number(charge!.amount)))
      expect(Number(lostOf(payments) - lostBefore)).toBeLessThanOrEqual(step)
      expect(used() - chargedOf(undisturbed.runs) - chargedOf(disturbed.runs)).toBe(lostOf(payments))
    },
  )
})
