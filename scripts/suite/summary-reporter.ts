import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule, Vitest } from 'vitest/node'
import type { Tally } from './tally.ts'

/**
 * Writes `reports/tests.json`, from which `npm test` adds up its totals. Vitest's own JSON leaves out
 * why a test was skipped, and a skipped test must say so.
 */
export class SummaryReporter implements Reporter {
  #folder = '.'

  onInit(vitest: Vitest): void {
    this.#folder = vitest.config.root
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally: Tally = { passed: 0, failed: [], skipped: [] }
    for (const module of modules) this.#count(module, tally)
    for (const error of unhandled) tally.failed.push({ name: 'unhandled error', why: reasonOf(error) })

    const file = path.join(this.#folder, 'reports', 'tests.json')
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(tally, null, 2)}\n`)
  }

  #count(module: TestModule, tally: Tally): void {
    const source = path.relative(this.#folder, module.moduleId)
    for (const error of module.errors()) tally.failed.push({ name: source, why: reasonOf(error) })
    // A hook that fails leaves its tests skipped.
    for (const suite of module.children.allSuites())
      for (const error of suite.errors())
        tally.failed.push({ name: `${source} › ${suite.fullName}`, why: reasonOf(error) })
    for (const test of module.children.allTests()) {
      const name = `${source} › ${test.fullName}`
      const result = test.result()
      if (result.state === 'passed') tally.passed += 1
      else if (result.state === 'failed')
        tally.failed.push({ name, why: result.errors.map(reasonOf).join('; ') })
      else tally.skipped.push({ name, why: skipReason(test) })
    }
  }
}

/** What was thrown need not be an error. */
function reasonOf(error: { message?: string }): string {
  return error.message ?? JSON.stringify(error)
}

function skipReason(test: TestCase): string {
  const result = test.result()
  return (
    (result.state === 'skipped' && result.note) || (test.options.mode === 'todo' ? 'todo' : 'see its title')
  )
}
