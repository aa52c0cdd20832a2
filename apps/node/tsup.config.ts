import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'cli/main': 'src/cli/main.ts',
    'hive/index': 'src/hive/index.ts',
    fuzzed: 'src/fuzzed.ts',
  },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
