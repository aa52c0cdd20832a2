import { beforeAll, describe, expect, it } from 'vitest'
import { bytesSource, createMeter, type MeteredInput, type OnnxErrorCode, openModel } from '../src/index.js'
import { contradictions, exactlyKnown, type SeenShapes } from './every-value.js'
import { type OperatorTest, operatorTests } from './operator-tests.js'

/** Operators of sets that ONNX Runtime 1.30 has not. */
const TOO_NEW = ['CausalConvWithState', 'LinearAttention', 'SwiGLU']

interface Outcome {
  readonly name: string
  readonly contradictions: readonly string[]
  readonly isExact: boolean
  readonly unknown: readonly string[]
}

async function outcomeOf({ name, model: bytes, inputs, outputs }: OperatorTest): Promise<Outcome> {
  const model = await openModel(bytesSource(Buffer.from(bytes, 'base64')))
  const given = inputs as readonly MeteredInput[]
  const meter = await createMeter(model)
  const { values, conflicts, unknownOperators } = meter.inferShapes(given)
  expect(meter.workUnits(given).units, name).toBeGreaterThanOrEqual(0n)
  const seen: SeenShapes = new Map(
    outputs.flatMap((output, index) => {
      const isTensor = output !== null && 'type' in output && output.type !== null
      return isTensor ? [[model.graph.outputs[index]!.name, output as { type: string; dims: number[] }]] : []
    }),
  )
  return {
    name,
    contradictions: [...contradictions(values, seen), ...conflicts].map(each => `${name}: ${each}`),
    isExact: exactlyKnown(values, seen) === seen.size,
    unknown: unknownOperators,
  }
}

describe('the operator tests of ONNX', () => {
  const outcomes: Outcome[] = []
  const refused = new Map<string, number>()

  beforeAll(async () => {
    for (const test of operatorTests()) {
      if (test.inputs.some(input => input === null || Array.isArray(input))) continue
      await outcomeOf(test).then(
        outcome => outcomes.push(outcome),
        ({ code, message }) => refused.set(code ?? message, (refused.get(code ?? message) ?? 0) + 1),
      )
    }
  })

  it('covers more than 1,600 of them; the rest take or give what is no tensor of the network', () => {
    expect(outcomes.length).toBeGreaterThan(1600)
    expect([...refused.keys()]).toEqual(['ONNX_UNSUPPORTED_TYPE' satisfies OnnxErrorCode])
  })

  it('infers the shape and type of every output that they expect', () => {
    expect(outcomes.flatMap(outcome => outcome.contradictions)).toEqual([])
  })

  it('leaves open only what depends on elements that no rule knows', () => {
    const dataDependent = /_(compress|nonmaxsuppression|nonzero|string_split|strnormalizer|unique)_/
    const open = outcomes.filter(({ isExact, unknown }) => !isExact && unknown.length === 0)
    expect(open.map(({ name }) => name).filter(name => !dataDependent.test(name))).toEqual([])
  })

  it('knows every operator of the sets that ONNX Runtime has, training apart', () => {
    const unknown = new Set(outcomes.flatMap(outcome => outcome.unknown))
    const known = [...unknown].filter(name => !name.startsWith('ai.onnx.preview') && !TOO_NEW.includes(name))
    expect(known).toEqual([])
  })
})
