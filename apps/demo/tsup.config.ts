import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts' },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
