import type { NodeProcess } from '@neurovoyance/testing/hive'

/** One figure of a node's `/metrics`. */
export async function metric({ gateway }: NodeProcess, name: string): Promise<number> {
  const response = await fetch(`${gateway.url}/metrics`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  })
  const line = new RegExp(`^neurovoyance_${name} (\\S+)$`, 'm').exec(await response.text())
  if (line === null) throw new Error(`the node has no metric '${name}'`)
  return Number(line[1])
}

/** Waits until a node runs something for somebody. */
export async function untilBusy(node: NodeProcess): Promise<void> {
  while ((await metric(node, 'rpc_calls_running')) < 1) await new Promise(setImmediate)
}

/** Waits until a call of one peer holds up that of another: two run, and neither ends from one look to the next. */
export async function untilHeldUp(node: NodeProcess): Promise<void> {
  for (let served = -1; ; ) {
    const [running, now] = [
      await metric(node, 'rpc_calls_running'),
      await metric(node, 'rpc_calls_served_total'),
    ]
    if (running >= 2 && now === served) return
    served = now
  }
}
