import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'node/index': 'src/node/index.ts',
    // Started by path, as a process and as a thread of it: they have to lie beside node/index.js.
    'node/child': 'src/node/child.ts',
    'node/watchdog': 'src/node/watchdog.ts',
    'web/index': 'src/web/index.ts',
    fuzzed: 'src/fuzzed.ts',
  },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
