#!/usr/bin/env node
const major = Number(process.versions.node.split('.')[0])
if (major < 22) {
  process.stderr.write(
    `nv needs Node 22 or newer, and this is Node ${process.versions.node}: install a newer one from https://nodejs.org.\n`,
  )
  process.exit(1)
}
// Modules compiled once start faster the next time.
const { enableCompileCache } = await import('node:module')
enableCompileCache?.()
const { main } = await import('../dist/cli/main.js')
await main(process.argv)
