import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './scripts/suite/summary-reporter.ts'

/** How every package runs its tests: beside the sources or in `test/`, each result in `reports/tests.json`. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    // Tests wait for events, not for times: this only ends a test whose event never comes.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Many tests wait for other processes: two files at a time use two cores better than Vitest's own choice, one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: [fileURLToPath(new URL('scripts/suite/property-seed.ts', import.meta.url))],
    reporters: ['default', new SummaryReporter()],
  },
})
