import { totalmem } from 'node:os'
import type { Client } from '@neurovoyance/client'
import type { TensorMap } from '@neurovoyance/protocol'
import type { Hive } from '@neurovoyance/testing/hive'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { clientOf, hiveOf, untilHosted } from '../hive/fixture.js'
import { type Admission, admission, hostInBundles, reference, refusal } from './admission.js'
import { type BackendCase, backendCases } from './cases.js'
import { each } from './each.js'
import { localRuns } from './local-runs.js'
import { compare, type Outcome, tally } from './outcome.js'

const IN_FLIGHT = 8
const DEADLINE_MS = 120_000
/** Of 1,500 that ONNX Runtime 1.30 runs on Linux; other builds have a few kernels more or less. */
const MUST_RUN = 1480
/** What draws from a random generator gives other numbers on each run. */
const RANDOM = /^node test_(bernoulli|training_dropout(?!_zero_ratio))/
/** The `real` models unfold to weights of up to 550 MB, here and on two nodes at once. */
const ROOMY_BYTES = 7 * 2 ** 30

describe('the backend tests of the ONNX project (skipped where Python or PyPI is absent)', () => {
  const outcomes = new Map<string, Outcome>()
  let cases: readonly BackendCase[] | undefined
  let models: Admission
  let hive: Hive
  let client: Client

  beforeAll(async () => {
    cases = await backendCases()
    if (cases === undefined) return
    models = await admission(cases.map(({ model }) => model))
    hive = await hiveOf({ nodes: 2 })
    client = await clientOf(hive)
  }, 300_000)

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  })

  const casesOr = ({ skip }: TestContext) =>
    cases ?? skip('Python with the package onnx cannot be set up here')

  it('give the same bytes through the hive as onnxruntime-node gives alone', async context => {
    const admitted = casesOr(context).filter(({ model }) => !models.refused.has(model))
    const bundles = await hostInBundles(hive, models.taken)
    for (const bundle of new Set(bundles.values())) await untilHosted(client, bundle, 1)
    using local = localRuns()

    const runBoth = async (model: string, inputs: TensorMap): Promise<Outcome> => {
      const request = { model: reference(bundles.get(model)!, model), inputs, deadlineMs: DEADLINE_MS }
      const there = client.infer(request).catch((error: unknown) => ({ error }))
      return compare(await local.run({ model, inputs }), await there)
    }
    await each(admitted, IN_FLIGHT, async test => {
      outcomes.set(test.name, whyNot(test) ?? (await runBoth(test.model, test.inputs!)))
    })
    const problems = [...outcomes].filter(([, { problem }]) => problem !== undefined)
    expect(problems).toEqual([])
  }, 300_000)

  it('are refused with a code where onnxruntime-node cannot run them either', async context => {
    using local = localRuns()
    await each(casesOr(context), IN_FLIGHT, async ({ name, model, inputs }) => {
      const why = models.refused.get(model)
      if (why === undefined) return
      outcomes.set(name, { kind: 'unsupported', why })
      expect(await hive.addModel(model).catch(refusal), name).toBe(why)
      if (inputs !== undefined) expect(await local.run({ model, inputs }), name).toHaveProperty('error')
    })
  }, 300_000)

  it(`run, at least ${MUST_RUN} of them`, context => {
    casesOr(context)
    console.log(tally(outcomes.values()))
    const same = [...outcomes.values()].filter(({ kind }) => kind === 'the same bytes')
    expect(same.length).toBeGreaterThanOrEqual(MUST_RUN)
  })
})

/** Why a case that nodes take is not run. */
function whyNot({ kind, name, unsupported }: BackendCase): Outcome | undefined {
  if (unsupported !== undefined) return { kind: 'unsupported', why: unsupported }
  if (RANDOM.test(name)) return { kind: 'skipped', why: 'draws random numbers' }
  if (kind === 'real' && totalmem() < ROOMY_BYTES) return { kind: 'skipped', why: 'needs 8 GB of memory' }
  return undefined
}
