#!/usr/bin/env node
// The one door into a checkout: `node scripts/launch.mjs start | test | nv | bench | sim | soak`.
// It runs on the machine's own Node and npm alone, sets up what is missing, and goes on with the
// workspace's Node. Set-up speaks on standard error, so standard output is the command's own.
const oldest = 20
const major = Number(process.versions.node.split('.')[0])

if (major < oldest) {
  process.stderr.write(
    `neurovoyance needs Node ${oldest} or newer; this is ${process.version}. Get it from https://nodejs.org\n`,
  )
  process.exit(1)
}
const { launch } = await import('./launch/launch.mjs')
process.exitCode = await launch(process.argv.slice(2))
