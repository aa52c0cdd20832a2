/** Resident memory of an idle node without a model, and what 10,000 inferences add to it and to its model process. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@neurovoyance/client'
import { report } from '@neurovoyance/testing/bench'
import { startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'

const MiB = 1024 * 1024
const WARM_UP = 5_000
const RUNS = 10_000
const IN_FLIGHT = 8

const hive = await startHive({ nv: fileURLToPath(new URL('../bin/nv.js', import.meta.url)), nodes: 1 })
const { pid } = hive.nodes[0]!
const residentMiB = (of: number) => {
  const kiB =
    process.platform === 'linux'
      ? /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${of}/status`, 'utf8'))![1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(of)], { encoding: 'utf8' })
  return (Number(kiB) * 1024) / MiB
}
const idleMiB = residentMiB(pid)

const dir = join(await mkdtemp(join(tmpdir(), 'bench-')), 'add')
await mkdir(dir)
await writeFile(join(dir, 'model.onnx'), add().bytes)
const { model } = await hive.addModel(dir)
const client = await createClient({ bootstrap: hive.bootstrap })
const { inputs } = add()
const run = async (count: number) => {
  const lane = async () => {
    for (let done = 0; done < count / IN_FLIGHT; done++) await client.infer({ model, inputs })
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
}
const lowestMiB = async () => {
  // The collector runs when it likes: the lowest of some readings, with a little work between, is what is really held.
  const readings = []
  for (let index = 0; index < 10; index++) {
    await run(200)
    readings.push(residentMiB(pid))
  }
  return Math.min(...readings)
}

await run(WARM_UP)
const beforeMiB = await lowestMiB()
await run(RUNS)
const afterMiB = await lowestMiB()
await client.close()
await hive.stop()

report({
  bench: 'memory',
  metrics: { idleMiB, beforeMiB, afterMiB, growthMiB: afterMiB - beforeMiB, runs: RUNS },
  targets: { growthMiB: '<8' },
})
process.exit()
