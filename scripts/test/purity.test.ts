import { describe, expect, it } from 'vitest'
import { impuritiesOf } from '../suite/purity.ts'

describe('impuritiesOf', () => {
  it.each([
    ['Date', 'const at = Date.now()'],
    ['Date', 'const at: Date = given'],
    ['Math.random', 'const die = Math.random()'],
    ['setTimeout', 'setTimeout(step, 10)'],
    ['performance', 'performance.now()'],
    ['crypto', 'crypto.getRandomValues(bytes)'],
    ['process', 'process.env.HOME'],
    ['fetch', 'fetch(url)'],
    ['globalThis', 'globalThis.Date'],
    ['Promise', 'function load(): Promise<void> {}'],
    ['async', 'async function load() {}'],
    ['await', 'await load()'],
    ['for await', 'for await (const part of parts) use(part)'],
    ['import of node:fs', "import { readFileSync } from 'node:fs'"],
    ['import of node:os', "const os = import('node:os')"],
    ['import of node:net', "export * from 'node:net'"],
  ])('finds %s in %s', (what, source) => {
    expect(impuritiesOf(source).map(found => found.what)).toContain(what)
  })

  it.each([
    ['a member of that name', 'offer.process(state.Date)'],
    ['a key of that name', 'const effect = { fetch: true }'],
    ['a function of its own', 'function fetch(state: State) {}\nconst next = fetch(state)'],
    ['a declared member', 'interface Effects { fetch: string; setTimeout(): void }'],
    ['the rest of Math', 'Math.floor(seed * 2)'],
    ['a comment or string', "// Date.now()\nconst text = 'await fetch(Date)'"],
    ['an import of its own', "import { step } from './step.js'"],
  ])('lets %s be', (_, source) => {
    expect(impuritiesOf(source)).toEqual([])
  })

  it('says on which line', () => {
    expect(impuritiesOf('const a = 1\nconst b = Date.now()\n')).toEqual([{ line: 2, what: 'Date' }])
  })
})
