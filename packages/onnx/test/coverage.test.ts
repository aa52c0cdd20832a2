import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { coveredOperators } from '../src/index.js'

/** Operators that the README's last table lists, by its columns. */
function listedOperators(): readonly [standard: readonly string[], microsoft: readonly string[]] {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const table = readme.slice(
    readme.indexOf('| | ai.onnx, ai.onnx.ml | com.microsoft |'),
    readme.indexOf('\n## Inputs'),
  )
  const rows = table
    .split('\n')
    .slice(2)
    .filter(row => row.startsWith('|'))
  const column = (index: number) =>
    rows
      .flatMap(row =>
        row
          .split('|')
          [index]!.split(',')
          .map(name => name.trim()),
      )
      .filter(name => name !== '')
  return [column(2), column(3)]
}

describe('the README', () => {
  it('lists every operator that has a rule, and no other', () => {
    const covered = coveredOperators()
    const [standard, microsoft] = listedOperators()
    expect([...standard].sort()).toEqual([...covered.get('')!, ...covered.get('ai.onnx.ml')!].sort())
    expect([...microsoft].sort()).toEqual([...covered.get('com.microsoft')!].sort())
  })
})
