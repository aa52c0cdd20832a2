import { setScene } from './_scene.ts'
const scene = await setScene()
const { client, model, inputs } = scene
const rows: number[][] = []
for (let burst = 0; burst < 25; burst++) {
  await new Promise(r => setTimeout(r, 60))
  for (let i = 0; i < 12; i++) {
    const s = performance.now()
    const r = await client.infer({ model, inputs, deadlineMs: 5000 })
    rows.push([performance.now() - s, r.latencyMs, r.stats!.runUs / 1000, r.stats!.queueUs / 1000])
  }
}
const loc: number[] = []
for (let burst = 0; burst < 15; burst++) {
  await new Promise(r => setTimeout(r, 60))
  for (let i = 0; i < 12; i++) { const s = performance.now(); await scene.runLocally(); loc.push(performance.now() - s) }
}
const med = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!
console.log('total', med(rows.map(r => r[0]!)), 'dispatch', med(rows.map(r => r[1]!)), 'run', med(rows.map(r => r[2]!)), 'queue', med(rows.map(r => r[3]!)), 'total-run', med(rows.map(r => r[0]! - r[2]!)), 'local', med(loc))
await scene.close(); process.exit()
