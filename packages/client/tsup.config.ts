import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'chain/index': 'src/chain/index.ts',
    'chain/trust/node': 'src/chain/trust/node.ts',
    'chain/trust/browser': 'src/chain/trust/browser.ts',
    'session/index': 'src/session/index.ts',
    'wallet/index': 'src/wallet/index.ts',
    'wallet/signing/node': 'src/wallet/signing/node.ts',
    'wallet/signing/browser': 'src/wallet/signing/browser.ts',
    'pay/index': 'src/pay/index.ts',
    'pay/node': 'src/pay/node.ts',
    'host/node': 'src/host/node.ts',
    'host/browser': 'src/host/browser.ts',
    'artifacts/node': 'src/artifacts/node.ts',
    'artifacts/browser': 'src/artifacts/browser.ts',
  },
  format: 'esm',
  clean: true,
  target: 'es2023',
  sourcemap: true,
  // Resolved by package.json's `imports` where the package is used: Node's or the browser's.
  external: ['#host', '#artifacts', '#trust', '#signing'],
})
