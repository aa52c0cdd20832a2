#!/usr/bin/env node
const major = Number(process.versions.node.split('.')[0])
if (major < 22) {
  process.stderr.write(
    `nv needs Node 22 or newer, and this is Node ${process.versions.node}: install a newer one from https://nodejs.org.\n`,
  )
  process.exit(1)
}
// What is young is collected when a megabyte of it is there. V8's own choice, 16, keeps so many received buffers alive
// that the collector is called for their sake: a busy node then has twice the memory and a full collection every 80 runs.
const { setFlagsFromString } = await import('node:v8')
setFlagsFromString('--semi-space-growth-factor=1')
// Modules compiled once start faster the next time.
const { enableCompileCache } = await import('node:module')
enableCompileCache?.()
const { main } = await import('../dist/cli/main.js')
await main(process.argv)
