import { localFunction, loop, node, scan, value } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { float, infer, meterOf, whole } from './infer.js'

describe('control flow', () => {
  it('a loop counts its body as often as it turns', async () => {
    const meter = await meterOf(loop().bytes)
    const told = meter.workUnits([whole('turns', [1000], []), float('start')])
    const adds = told.byOperator.find(({ operator }) => operator === 'Add')
    expect(adds).toMatchObject({ calls: 1000n, operations: 1000n })
    expect(told.outputs.map(({ dims }) => dims)).toEqual([[], [1000]])
    const untold = meter.workUnits([{ name: 'turns', type: 'int64', dims: [] }, float('start')])
    expect(untold.isExact).toBe(false)
    expect(untold.byOperator.find(({ operator }) => operator === 'Add')?.calls).toBe(1n)
  })

  it.each([
    ['its limit', 20n, 20n],
    [
      'the largest dimension of the inputs where exporters write the largest limit there is',
      2n ** 63n - 1n,
      7n,
    ],
  ])('a loop that its body may end counts as %s', async (_, limit, turns) => {
    const { work } = await infer(
      [float('x', 7)],
      ['y'],
      [
        node('Constant', [], ['limit'], { value_int: limit }),
        node('Loop', ['limit', '', 'x'], ['y'], {
          body: {
            graph: {
              inputs: [value('turn', 'int64', []), value('go', 'bool', []), value('before', 'float32')],
              outputs: [value('go_on', 'bool'), value('after', 'float32')],
              nodes: [
                node('Sqrt', ['before'], ['after']),
                node('ReduceMax', ['after'], ['most'], { keepdims: 0 }),
                node('Cast', ['most'], ['go_on'], { to: 9 }),
              ],
            },
          },
        }),
      ],
    )
    expect(work.byOperator.find(({ operator }) => operator === 'Sqrt')?.calls).toBe(turns)
    expect(work.isExact).toBe(false)
    expect(work.outputs[0]!.dims).toEqual([7])
  })

  it('a scan counts its body once for each slice', async () => {
    const work = (await meterOf(scan().bytes)).workUnits([float('x', 12, 2)])
    expect(work.byOperator.find(({ operator }) => operator === 'Add')?.calls).toBe(12n)
    expect(work.outputs[0]!.dims).toEqual([12, 2])
    expect(work.isExact).toBe(true)
  })

  /** Each turn lays one more row under the carried value. */
  const growing = (turns: number) =>
    infer(
      [whole('turns', [turns], []), float('x', 1, 4)],
      ['all'],
      [
        node('Loop', ['turns', '', 'x'], ['all'], {
          body: {
            graph: {
              inputs: [value('turn', 'int64', []), value('go', 'bool', []), value('rows', 'float32')],
              outputs: [value('go_on', 'bool'), value('more', 'float32')],
              nodes: [
                node('Identity', ['go'], ['go_on']),
                node('Concat', ['rows', 'x'], ['more'], { axis: 0 }),
              ],
            },
          },
        }),
      ],
    )

  it('a loop whose value grows is followed turn by turn where the turns are few', async () => {
    const { shapes, work } = await growing(5)
    expect(shapes.outputs[0]!.dims).toEqual([6, 4])
    // Rows of 16 bytes: each turn reads what there is and one more, and writes both.
    expect(work.bytes).toBe([1, 2, 3, 4, 5].reduce((sum, rows) => sum + 2n * BigInt(rows + 1) * 16n, 0n))
    expect(work.isExact).toBe(true)
  })

  it('and counts every turn as the last where they are many', async () => {
    const { shapes, work } = await growing(1000)
    expect(shapes.outputs[0]).toMatchObject({ dims: [null, 4], maxDims: [1001, 4] })
    expect(work.bytes).toBeGreaterThan(1000n * 1001n * 16n)
    expect(work.assumptions).toEqual([expect.stringContaining('every turn as the last')])
  })

  it("a call of the model's own function counts its body", async () => {
    const { bytes, inputs } = localFunction()
    const given = Object.entries(inputs).map(([name, { type, dims }]) => ({ name, type, dims }))
    const work = (await meterOf(bytes)).workUnits(given)
    expect(work.unknownOperators).toEqual([])
    expect(work.byOperator.length).toBeGreaterThan(1)
  })
})
