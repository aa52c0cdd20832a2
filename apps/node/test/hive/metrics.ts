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
