import { bytesField, concatBytes, varintField } from '@neurovoyance/testing/models'
import { expect, it } from 'vitest'
import { bytesSource, DEFAULT_READ_LIMITS, openModel } from '../src/index.js'

const text = (value: string) => new TextEncoder().encode(value)
const times = (count: number, bytes: Uint8Array) => concatBytes(Array.from({ length: count }, () => bytes))

const NODE = concatBytes([bytesField(1, text('x')), bytesField(2, text('y')), bytesField(4, text('Relu'))])
const FIELDS = DEFAULT_READ_LIMITS.maxFields - 100
const GRAPHS: [string, Uint8Array][] = [
  ['nodes', times(FIELDS / 4, bytesField(1, NODE))],
  ['empty nodes', times(FIELDS, bytesField(1, new Uint8Array()))],
  ['inputs of one node', bytesField(1, times(FIELDS, bytesField(1, text('x'))))],
  [
    'dimensions of one tensor',
    bytesField(5, concatBytes([varintField(2, 1), bytesField(1, new Uint8Array(FIELDS))])),
  ],
]

it.each(GRAPHS)(
  'a model with as many %s as are allowed does not stop whatever else is done',
  async (_, graph) => {
    const model = concatBytes([varintField(1, 8), bytesField(7, graph)])
    let turns = 0
    let done = false
    const turn = () => {
      turns++
      if (!done) setImmediate(turn)
    }
    setImmediate(turn)
    await openModel(bytesSource(model)).catch(() => undefined)
    done = true
    expect(turns).toBeGreaterThan(FIELDS / 10_000)
  },
)
