/**
 * Resident memory of an idle node without a model, and what 10,000 inferences add to it and to its model process.
 * A heap breathes by some MiB, so growth counts above 8 MiB only: what leaks shows a thousandfold in 10,000 runs.
 */
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@neurovoyance/client'
import { report } from '@neurovoyance/testing/bench'
import { startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'

const WARM_UP = 5_000
const RUNS = 10_000
const IN_FLIGHT = 8
const IDLE_MS = 5_000

if (process.platform !== 'linux') throw new Error('this benchmark reads /proc: run it on Linux')

const hive = await startHive({ nv: fileURLToPath(new URL('../bin/nv.js', import.meta.url)), nodes: 1 })
const { pid } = hive.nodes[0]!
const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
const residentMiB = (of: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${of}/status`, 'utf8'))![1]) / 1024
await new Promise(resolve => setTimeout(resolve, IDLE_MS))
const idle = { node: residentMiB(pid), child: residentMiB(child!) }

const folder = await mkdtemp(join(tmpdir(), 'bench-'))
const dir = join(folder, 'add')
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

/** The collector runs when it likes: the lowest of some readings, with a little work between, is what is really held. */
const held = async () => {
  const readings = { node: [] as number[], child: [] as number[] }
  for (let index = 0; index < 10; index++) {
    await run(200)
    readings.node.push(residentMiB(pid))
    readings.child.push(residentMiB(child!))
  }
  return { node: Math.min(...readings.node), child: Math.min(...readings.child) }
}

await run(WARM_UP)
const before = await held()
await run(RUNS)
const after = await held()
await client.close()
await hive.stop()
await rm(folder, { recursive: true, force: true })

report({
  bench: 'memory',
  metrics: {
    idleMiB: idle.node,
    idleChildMiB: idle.child,
    heldMiB: after.node,
    heldChildMiB: after.child,
    growthMiB: after.node - before.node,
    childGrowthMiB: after.child - before.child,
    runs: RUNS,
  },
  targets: { growthMiB: '<8', childGrowthMiB: '<8' },
})
process.exit()
