import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** What a page pays for a host, compressed, before it does anything. */
const BUDGET_BYTES = 240 * 1024

it('bundles for a browser without anything of Node, within its budget', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/browser/index.ts', import.meta.url))],
    bundle: true,
    splitting: true,
    outdir: 'unused',
    platform: 'browser',
    format: 'esm',
    minify: true,
    metafile: true,
    write: false,
  })
  const imports = Object.values(metafile.inputs).flatMap(input => input.imports)
  expect(imports.map(({ path }) => path).filter(path => path.startsWith('node:'))).toEqual([])
  expect(Object.keys(metafile.inputs).filter(path => path.includes('node-datachannel'))).toEqual([])
  const entry = outputFiles.find(({ path }) => path.endsWith('/index.js'))
  if (entry === undefined) return expect.unreachable('no entry file')
  const gzipBytes = gzipSync(entry.contents).byteLength
  const staticBytes = outputFiles
    .filter(({ path }) => entry.text.includes(`from"./${path.split('/').at(-1)}"`))
    .reduce((sum, { contents }) => sum + gzipSync(contents).byteLength, gzipBytes)
  expect(staticBytes).toBeLessThan(BUDGET_BYTES)
  expect(staticBytes).toBeGreaterThan(50 * 1024)
})
