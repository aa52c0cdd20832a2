// Starts a hive, gives it the model and runs the example on it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'

const nv = fileURLToPath(new URL('bin/nv.js', import.meta.resolve('@neurovoyance/node/package.json')))
const program = fileURLToPath(new URL('main.ts', import.meta.url))

await using hive = await startHive({ nv, nodes: 1 })
const file = join(hive.folder, 'add.onnx')
await writeFile(file, add().bytes)
await hive.addModel(file, { name: 'add' })
const { stdout } = await promisify(execFile)(process.execPath, [program, ...hive.bootstrap])
console.log(stdout.trim())
assert.match(stdout, /11, 22, 33/)
assert.match(stdout, new RegExp(hive.nodes[0]!.peerId))
