// Bundles the page for browsers: anything of Node in it fails the build.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { bundlePage } from './bundle.ts'

const script = await bundlePage()
assert.doesNotMatch(Buffer.from(script).toString(), /(from|import|require\()\s*["']node:/)
console.log(
  `page.js: ${(script.length / 1024).toFixed(0)} KiB, ${(gzipSync(script).length / 1024).toFixed(0)} KiB gzipped`,
)
