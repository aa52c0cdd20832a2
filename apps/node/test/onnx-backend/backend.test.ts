import type { Client } from '@neurovoyance/client'
import { errorCode } from '@neurovoyance/protocol'
import type { Hive } from '@neurovoyance/testing/hive'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { clientOf, hiveOf, untilHosted } from '../hive/fixture.js'
import { type Admission, admission, host, refusal } from './admission.js'
import { type BackendCase, backendCases } from './cases.js'
import { difference } from './difference.js'
import { each } from './each.js'
import { type LocalResult, localRuns } from './local-runs.js'
import { tally } from './tally.js'

const IN_FLIGHT = 8
const MUST_RUN = 1490
/** What draws from a random generator gives other numbers on each run. */
const RANDOM = /^test_(bernoulli|training_dropout(?!_zero_ratio))/

/** How a case went; `problem` where the hive did something else than ONNX Runtime. */
interface Outcome {
  readonly kind: 'same bytes' | 'fails alike' | 'unsupported' | 'skipped'
  readonly why: string
  readonly problem?: string
}

describe('the backend tests of the ONNX project', () => {
  let cases: readonly BackendCase[] | undefined
  let hive: Hive
  let client: Client
  let models: Admission
  const outcomes = new Map<string, Outcome>()

  beforeAll(async () => {
    lap('begin')
    cases = await backendCases()
    lap('cases')
    if (cases === undefined) return
    models = await admission(cases.map(({ model }) => model))
    lap('admission')
    hive = await hiveOf({ nodes: 2 })
    client = await clientOf(hive)
    lap('hive')
  }, 300_000)

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  })

  const needCases = (context: TestContext) =>
    cases ?? context.skip('Python with the package onnx cannot be set up here')

  const t0 = performance.now()
  const lap = (what: string) => console.log(what, Math.round(performance.now() - t0))
  it('give the same bytes through the hive as onnxruntime-node gives here', async context => {
    const runnable = needCases(context).filter(({ model }) => !models.refused.has(model))
    const hosted = await host(hive, models.taken)
    for (const bundle of new Set([...hosted.values()].map(file => file.bundle)))
      await untilHosted(client, bundle, 1)
    lap('hosted')
    using local = localRuns()

    const outcomeOf = async ({ name, model, inputs }: BackendCase): Promise<Outcome> => {
      if (RANDOM.test(name)) return { kind: 'skipped', why: 'draws random numbers' }
      if ('unsupported' in inputs) return { kind: 'unsupported', why: inputs.unsupported }
      const [here, there] = await Promise.all([
        local.run({ model, inputs }),
        client
          .infer({ model: hosted.get(model)!.reference, inputs, deadlineMs: 120_000 })
          .catch((error: unknown) => ({ error })),
      ])
      return compare(here, there)
    }
    await each(runnable, IN_FLIGHT, async test => {
      const t = performance.now()
      outcomes.set(test.name, await outcomeOf(test))
      if (performance.now() - t > 2000) console.log(test.name, performance.now() - t)
    })
    lap('ran')

    const problems = [...outcomes].flatMap(([name, { problem }]) =>
      problem === undefined ? [] : `${name}: ${problem}`,
    )
    expect(problems).toEqual([])
  }, 300_000)

  it('are refused with a code where the binding cannot run them', async context => {
    for (const test of needCases(context)) {
      const known = models.refused.get(test.model)
      if (known !== undefined)
        outcomes.set(test.name, { kind: 'unsupported', why: `${known.code} ${known.why}` })
    }
    const refused = new Map<string, unknown>()
    await each([...models.refused.keys()], IN_FLIGHT, async model => {
      refused.set(model, await hive.addModel(model).then(() => 'taken', refusal))
    })
    expect(refused).toEqual(models.refused)
  }, 300_000)

  it(`run, at least ${MUST_RUN} of them`, async context => {
    needCases(context)
    const lines = tally([...outcomes.values()])
    await context.annotate(lines.join('\n'))
    console.log(lines.join('\n'))
    const same = [...outcomes.values()].filter(({ kind }) => kind === 'same bytes')
    expect(same.length).toBeGreaterThanOrEqual(MUST_RUN)
  })
})

type RemoteResult = Awaited<ReturnType<Client['infer']>> | { readonly error: unknown }

function compare(here: LocalResult, there: RemoteResult): Outcome {
  if ('error' in here) {
    if (!('error' in there))
      return { kind: 'fails alike', why: '', problem: `the hive ran what fails here: ${here.error}` }
    const code = errorCode(there.error)
    const problem = code === undefined ? { problem: `no code: ${there.error}` } : {}
    return { kind: 'fails alike', why: code ?? '', ...problem }
  }
  const what = 'error' in there ? String(there.error) : difference(here.outputs, there.outputs)
  return { kind: 'same bytes', why: '', ...(what !== undefined && { problem: what }) }
}
