import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    'models/index': 'src/models/index.ts',
    'hive/index': 'src/hive/index.ts',
    'network/index': 'src/network/index.ts',
    'compliance/index': 'src/compliance/index.ts',
    'nat/index': 'src/nat/index.ts',
    'bench/index': 'src/bench/index.ts',
    'comet/index': 'src/comet/index.ts',
  },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
})
