import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './scripts/suite/summary-reporter.ts'

/** How every package runs its tests: beside the sources or in `test/`, each result in `reports/tests.json`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    reporters: ['default', new SummaryReporter()],
  },
})
