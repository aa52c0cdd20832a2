import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A web server on loopback with a test page. */
export interface Site extends AsyncDisposable {
  readonly url: string
}

/** A file of a site: its type and what is in it. */
export type SiteFile = readonly [type: string, content: string | Uint8Array]

/** Bundles a test page of this folder and serves it with some files, by path. */
export async function startSite(page: string, files: Readonly<Record<string, SiteFile>> = {}): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(page, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    write: false,
    logLevel: 'error',
  })
  const pages = new Map<string, SiteFile>([
    ['/', ['text/html', '<!doctype html><script type="module" src="page.js"></script>']],
    ['/page.js', ['text/javascript', outputFiles[0]!.contents]],
    ...Object.entries(files),
  ])
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
