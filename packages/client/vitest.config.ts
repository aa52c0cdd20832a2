import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import base from '../../vitest.base.ts'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Package imports lead to dist/; tests are about src/.
export default mergeConfig(base, {
  resolve: {
    alias: {
      '#host': source('src/host/node.ts'),
      '#artifacts': source('src/artifacts/node.ts'),
      '#trust': source('src/chain/trust/node.ts'),
      '#signing': source('src/wallet/signing/node.ts'),
    },
  },
})
