import { afterEach, describe, expect, it } from 'vitest'
import { meets, report, summarize, type Target } from '../../src/bench/index.js'

describe('meets', () => {
  it.each<[number, Target, boolean]>([
    [0.8, '>=0.8', true],
    [0.79, '>=0.8', false],
    [1.15, '<=1.15', true],
    [1.16, '<=1.15', false],
    [5, '<5', false],
    [4.9, '<5', true],
    [5, '>5', false],
    [0, '=0', true],
    [1, '=0', false],
    [Number.NaN, '<5', false],
  ])('%d against %s is %s', (value, target, met) => {
    expect(meets(value, target)).toBe(met)
  })

  it('refuses what is no target', () => {
    expect(() => meets(1, '~5' as Target)).toThrow(
      expect.objectContaining({ code: 'TESTING_BENCH_BAD_TARGET' }),
    )
  })
})

describe('report', () => {
  const before = process.exitCode
  afterEach(() => {
    process.exitCode = before
  })

  function run(metrics: Record<string, number>, targets: Record<string, Target>, argv: string[] = []) {
    const lines: string[] = []
    report({ bench: 'rpc', metrics, targets, argv, write: line => lines.push(line) })
    return { lines, last: JSON.parse(lines.at(-1)!) }
  }

  it('prints the report as its last line', () => {
    const { last } = run({ ratio: 1.0123456789, messages: 123456789 }, { ratio: '<=1.25' })
    expect(last).toEqual({
      bench: 'rpc',
      metrics: { ratio: 1.01235, messages: 123456789 },
      targets: { ratio: '<=1.25' },
      pass: true,
    })
  })

  it('fails the process for a missed target only with --check', () => {
    expect(run({ ratio: 2 }, { ratio: '<=1.25' }).last.pass).toBe(false)
    expect(process.exitCode).toBe(before)
    const { lines } = run({ ratio: 2 }, { ratio: '<=1.25' }, ['--check'])
    expect(lines[0]).toBe('MISSED ratio 2 (target <=1.25)')
    expect(process.exitCode).toBe(1)
  })

  it('judges the figure that was measured, not its rounded print', () => {
    expect(run({ ratio: 1.2500000001 }, { ratio: '<=1.25' }).last.pass).toBe(false)
  })

  it('refuses targets without a metric, and metrics that are no number', () => {
    expect(() => run({}, { ratio: '<5' })).toThrow(
      expect.objectContaining({ code: 'TESTING_BENCH_BAD_METRIC' }),
    )
    expect(() => run({ ratio: Number.NaN }, {})).toThrow(
      expect.objectContaining({ code: 'TESTING_BENCH_BAD_METRIC' }),
    )
  })

  it('carries the spread of each side', () => {
    const found = report({
      bench: 'rpc',
      metrics: {},
      spread: { ours: { unit: 'ms', ...summarize([1, 2, 3]) } },
      argv: [],
      write: () => {},
    })
    expect(found.spread!.ours).toMatchObject({ unit: 'ms', p50: 2, count: 3 })
  })
})
