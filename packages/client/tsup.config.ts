import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', 'session/index': 'src/session/index.ts' },
  format: 'esm',
  target: 'es2023',
  sourcemap: true,
})
