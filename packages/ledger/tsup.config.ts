import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts' },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
