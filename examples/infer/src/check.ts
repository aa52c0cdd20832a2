// Starts a hive, gives it the model and runs the example on it, and the READMEs' command.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'

const nv = fileURLToPath(new URL('bin/nv.js', import.meta.resolve('@neurovoyance/node/package.json')))
const program = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = fileURLToPath(new URL('..', import.meta.url))
const run = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, args, { cwd: folder })).stdout

assert.deepEqual(new Uint8Array(await readFile(`${folder}add.onnx`)), new Uint8Array(add().bytes))

await using hive = await startHive({ nv, nodes: 1 })
await hive.addModel(`${folder}add.onnx`)
const answer = await run(program, ...hive.bootstrap)
console.log(answer.trim())
assert.match(answer, /11, 22, 33/)
assert.match(answer, new RegExp(hive.nodes[0]!.peerId))

const inputs = ['--input', 'a=a.json', '--input', 'b=b.json', '--bootstrap', hive.bootstrap[0]!]
const printed = await run(nv, 'infer', 'add', '--home', `${hive.folder}/caller`, ...inputs)
console.log(printed.trim())
assert.match(printed, /^sum: float32 \[3\] 11 22 33\n/)
