import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A web server on loopback with the test page. */
export interface Site extends AsyncDisposable {
  readonly url: string
}

/** Bundles the test page and serves it with ONNX Runtime's files and one model. */
export async function startSite(model: Uint8Array): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    write: false,
    logLevel: 'error',
  })
  const pages = new Map<string, [type: string, content: string | Uint8Array]>([
    ['/', ['text/html', '<!doctype html><script type="module" src="page.js"></script>']],
    ['/page.js', ['text/javascript', outputFiles[0]!.contents]],
    ['/model.onnx', ['application/octet-stream', model]],
  ])
  for (const [file, type] of [
    ['ort-wasm-simd-threaded.mjs', 'text/javascript'],
    ['ort-wasm-simd-threaded.wasm', 'application/wasm'],
  ] as const) {
    const path = fileURLToPath(import.meta.resolve(`onnxruntime-web/${file}`))
    pages.set(`/ort/${file}`, [type, await readFile(path)])
  }
  const server = createServer((request, response) => {
    const [type, content] = pages.get(request.url!) ?? ['text/plain', undefined]
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': type }).end(content)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
