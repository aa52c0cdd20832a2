import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** What a page loads for some exports, minified: kibibytes as they are, and as they travel. */
export async function bundleKiB(source: string): Promise<{ raw: number; gzip: number }> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  const { contents } = outputFiles[0]!
  return { raw: contents.length / 1024, gzip: gzipSync(contents).length / 1024 }
}
