import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'node/index': 'src/node/index.ts',
    'browser/index': 'src/browser/index.ts',
    'artifacts/index': 'src/artifacts/index.ts',
    'artifacts/remote': 'src/artifacts/remote.ts',
    fuzzed: 'src/fuzzed.ts',
  },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
