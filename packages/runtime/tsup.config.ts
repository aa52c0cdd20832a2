import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', 'node/index': 'src/node/index.ts', 'web/index': 'src/web/index.ts' },
  format: 'esm',
  target: 'es2023',
  sourcemap: true,
})
