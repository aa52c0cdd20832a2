import fc from 'fast-check'
import { InferenceSession, registerBackend, Tensor } from 'onnxruntime-common'
import { describe, expect, it } from 'vitest'
import { parseRunArguments } from './run-arguments.js'

const outputNames = ['a', 'b']

/** What onnxruntime-common itself makes of `run`'s arguments. */
interface Seen {
  fetches: Record<string, Tensor | null>
  options: unknown
}

async function referenceSession(): Promise<{ run(arg1: unknown, arg2: unknown): Promise<Seen> }> {
  const seen: Seen[] = []
  registerBackend(
    'recorder',
    {
      init: async () => undefined,
      createInferenceSessionHandler: async () => ({
        inputNames: [],
        outputNames,
        inputMetadata: [],
        outputMetadata: [],
        startProfiling: () => undefined,
        endProfiling: () => undefined,
        dispose: async () => undefined,
        run: async (_feeds, fetches, options) => {
          seen.push({ fetches: fetches as Seen['fetches'], options })
          return {}
        },
      }),
    },
    1,
  )
  const session = await InferenceSession.create(new Uint8Array(1), { executionProviders: ['recorder'] })
  return {
    async run(arg1, arg2) {
      await session.run({}, arg1 as string[], arg2 as object)
      return seen.at(-1)!
    },
  }
}

const someTensor = fc.constantFrom(new Tensor('float32', [1], [1]), new Tensor('string', ['x'], [1]))
const name = fc.constantFrom('a', 'b', 'c', '', 'tag')
const fetchList = fc.array(fc.oneof({ weight: 9, arbitrary: name }, { weight: 1, arbitrary: fc.constant(7) }))
const fetchMap = fc.dictionary(
  name,
  fc.oneof(fc.constant(null), someTensor, fc.constant(undefined), fc.string()),
)
const argument = fc.oneof(
  fc.constantFrom(undefined, null, 1, 'a', false),
  someTensor,
  fetchList,
  fetchMap,
  fc.record({ tag: fc.string() }),
)

/** The result of a call, or the kind of error that it throws. */
async function outcome<T>(call: () => T | Promise<T>): Promise<T | string> {
  try {
    return await call()
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

describe('parseRunArguments', () => {
  it('takes the arguments of run as onnxruntime-common does', async () => {
    const reference = await referenceSession()
    await fc.assert(
      fc.asyncProperty(argument, argument, async (arg1, arg2) => {
        const expected = await outcome(() => reference.run(arg1, arg2))
        const actual = await outcome(() => {
          const { outputs, given, options } = parseRunArguments(outputNames, arg1, arg2)
          const fetches: Seen['fetches'] = {}
          for (const output of outputs) fetches[output] = given.get(output) ?? null
          return { fetches, options }
        })
        expect(actual).toEqual(expected)
      }),
      { numRuns: 2_000 },
    )
  })
})
