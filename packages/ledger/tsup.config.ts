import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    abci: 'src/abci/index.ts',
    consensus: 'src/consensus/core/index.ts',
    light: 'src/light/index.ts',
    node: 'src/node/index.ts',
  },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
