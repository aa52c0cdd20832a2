import type { ChainCall } from '@neurovoyance/ledger'
import { NeurovoyanceError } from '@neurovoyance/protocol'
import { honestAnswer } from './honest-answer.js'
import type { TestChain } from './test-chain.js'

/** How a node answers a method in place of the honest way. */
export type Lies = Partial<Record<string, (honest: unknown, request: never) => unknown>>

/** A network of nodes: some of them lie. */
export function nodesOf(nodes: Readonly<Record<string, { chain: TestChain; lies?: Lies }>>) {
  const calls: { node: string; method: string }[] = []
  const listeners = new Set<() => void>()
  const gone = new Set<string>()
  const call = async (
    node: string,
    method: string,
    message: { body: never; attachments?: Uint8Array[] },
    options: { signal?: AbortSignal } = {},
  ) => {
    calls.push({ node, method })
    for (const listener of [...listeners]) listener()
    if (gone.has(node)) throw new NeurovoyanceError('P2P_PEER_UNREACHABLE', `${node} is gone`)
    const { chain, lies = {} } = nodes[node]!
    if (method === 'Submit') {
      if (lies.Submit !== undefined) return lies.Submit(undefined, message as never)
      chain.submit(message.attachments![0]!)
      return { body: {}, attachments: [] }
    }
    const honest = await unlessAborted(honestAnswer(chain, method, message.body), options.signal)
    return lies[method]?.(honest, message as never) ?? honest
  }
  return {
    calls,
    /** Resolves when a method was asked for so many times. */
    asked: (method: string, times: number) =>
      new Promise<void>(resolve => {
        const look = () => {
          if (calls.filter(call => call.method === method).length < times) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
      }),
    /** Ends a node. */
    end: (node: string) => gone.add(node),
    peers: () => Object.keys(nodes),
    call: call as unknown as ChainCall,
  }
}

/** As a remote call: it ends when its signal aborts. */
function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  if (signal === undefined) return answer
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([answer, aborted])
}
