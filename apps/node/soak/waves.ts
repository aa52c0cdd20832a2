/**
 * Twenty nodes leave and rejoin in waves under load, for as long as it is told; every inference has to be answered.
 *
 *     pnpm soak waves --minutes 30 --nodes 20 --load 4 --seed 1
 *
 * Half of a wave is killed, half is stopped; its nodes come back from their homes. Exits with 1 where an answer is
 * wrong or missing.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { type Client, createClient } from '@neurovoyance/client'
import { errorCode } from '@neurovoyance/protocol'
import { type NodeProcess, startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { createSeededRandom } from '@neurovoyance/testing/network'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    nodes: { type: 'string', default: '20' },
    wave: { type: 'string', default: '6' },
    load: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
})
const nv = fileURLToPath(new URL('../bin/nv.js', import.meta.url))
const untilMs = performance.now() + Number(values.minutes) * 60_000
const random = createSeededRandom(values.seed)
const { bytes, inputs, outputs: expected = {} } = add()
const counts = { answered: 0, wrong: 0, waves: 0 }
const failures: Record<string, number> = {}

const folder = await mkdtemp(join(tmpdir(), 'waves-'))
await writeFile(join(folder, 'add.onnx'), bytes)
try {
  await using hive = await startHive({ nv, nodes: Number(values.nodes) })
  const { model } = await hive.addModel(join(folder, 'add.onnx'))
  await using client = await createClient({ bootstrap: hive.bootstrap })
  await inferOnce(client, model)
  const load = Array.from({ length: Number(values.load) }, () => keepInferring(client, model))
  // The first node keeps the model; who else hosts it is for the hive to decide.
  const [, ...others] = hive.nodes
  await makeWaves(others, name => hive.join(name))
  await Promise.all(load)
} finally {
  await rm(folder, { recursive: true, force: true })
}
const failed = Object.values(failures).reduce((sum, count) => sum + count, 0)
const isHeld = counts.answered > 0 && failed === 0 && counts.wrong === 0
console.log(JSON.stringify({ soak: 'waves', ...values, ...counts, failures, ok: isHeld }))
process.exitCode = isHeld ? 0 : 1

async function makeWaves(nodes: NodeProcess[], join: (name: string) => Promise<NodeProcess>): Promise<void> {
  while (performance.now() < untilMs) {
    const leaving = Array.from({ length: Number(values.wave) }, () => takeAny(nodes))
    await Promise.all(leaving.map((node, index) => (index % 2 === 0 ? node.kill() : node.stop())))
    nodes.push(...(await Promise.all(leaving.map(({ home }) => join(basename(home))))))
    counts.waves++
    console.log(
      `wave ${counts.waves}: ${counts.answered} answered, ${counts.wrong} wrong, ${JSON.stringify(failures)}`,
    )
  }
}

async function keepInferring(client: Client, model: string): Promise<void> {
  while (performance.now() < untilMs) await inferOnce(client, model)
}

async function inferOnce(client: Client, model: string): Promise<void> {
  try {
    const { outputs } = await client.infer({ model, inputs, deadlineMs: 30_000 })
    if (isDeepStrictEqual(outputs.sum, expected.sum)) counts.answered++
    else counts.wrong++
  } catch (error) {
    const code = errorCode(error) ?? String(error)
    failures[code] = (failures[code] ?? 0) + 1
  }
}

function takeAny(nodes: NodeProcess[]): NodeProcess {
  return nodes.splice(random.int(nodes.length), 1)[0]!
}
