import { describe, expect, it } from 'vitest'
import { chosen, help, phases } from '../suite/phases.ts'
import { briefly, closingLine, sum, verdict, within } from '../suite/tally.ts'

describe('tallies', () => {
  it('add up to the line that ends npm test', () => {
    const skipped = { passed: 40, failed: [], skipped: [{ name: 'nat', why: 'needs root' }] }
    expect(closingLine(sum([verdict('style'), verdict('size', 'too large'), skipped]))).toBe(
      '41 passed, 1 failed, 1 skipped',
    )
  })

  it('keep where a remark comes from', () => {
    expect(within('@neurovoyance/p2p', verdict('rpc', 'lost')).failed).toEqual([
      { name: '@neurovoyance/p2p rpc', why: 'lost' },
    ])
  })
})

it.each([
  [
    'node:internal\n  throw new X(\n      ^\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find a\n    at b',
    'Error [ERR_MODULE_NOT_FOUND]: Cannot find a',
  ],
  ['types.ts(2,24): error TS2307: no module\n', 'types.ts(2,24): error TS2307: no module'],
  ['one\nstopped after 60 s\n', 'stopped after 60 s'],
  ['', 'no output'],
])('names the error in %j', (output, line) => {
  expect(briefly(output)).toBe(line)
})

describe('chosen', () => {
  const names = (only: string[], skip: string[]) =>
    chosen(phases, only, skip).flatMap(({ steps }) => steps.map(({ name }) => name))

  it('takes names and groups', () => {
    expect(names(['style'], [])).toEqual(['style'])
    expect(names(['lint'], ['docs'])).toEqual(['style', 'layers', 'unused', 'publish', 'size'])
    expect(names([], ['lint', 'test'])).toEqual(['build', 'typecheck'])
  })

  it('takes nothing for a name that there is not', () => {
    expect(names(['typo'], [])).toEqual([])
  })

  it('has help for every step', () => {
    for (const name of names([], [])) expect(help()).toContain(`\n  ${name} `)
  })
})
