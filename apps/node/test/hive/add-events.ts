import type { ModelOrigin, NodeProcess } from '@neurovoyance/testing/hive'

/** One line of what a node says while it adds a model. */
export interface AddEvent {
  readonly progress?: { readonly phase: string; readonly doneBytes: number; readonly totalBytes: number }
  readonly result?: { readonly model: string }
  readonly error?: { readonly code: string; readonly message: string }
}

/** Has a node fetch a model from the network; yields what it says as it goes on. */
export const addByCid = (node: NodeProcess, cid: string): AsyncIterable<AddEvent> =>
  addEvents(node, { kind: 'cid', cid })

/** Has a node add a model; yields what it says as it goes on. */
export async function* addEvents({ gateway }: NodeProcess, source: ModelOrigin): AsyncIterable<AddEvent> {
  const response = await fetch(`${gateway.url}/nv/v1/models`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.token}` },
    body: JSON.stringify({ source }),
  })
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body!) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) yield JSON.parse(line) as AddEvent
  }
}
