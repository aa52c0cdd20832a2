import { LIMITS } from '@neurovoyance/protocol'
import type { LightProvider } from '../../light/index.js'
import { chainError } from '../errors.js'
import type { ChainCall } from '../network.js'

/** How long a peer has for one answer. */
const ANSWER_MS = 10_000

/** A peer as a light client asks it. */
export const providerOf = (call: ChainCall, peerId: string, signal?: AbortSignal): LightProvider => ({
  name: peerId,
  async lightBlock(height) {
    const answer = await call(
      peerId,
      'LightBlock',
      { body: height === undefined ? {} : { height } },
      options(signal),
    )
    const bytes = answer.attachments[0]
    if (bytes === undefined) throw chainError('LEDGER_CHAIN_BAD_ANSWER', `${peerId} gave no light block`)
    return bytes
  },
})

/** A snapshot that peers have. */
export interface OfferedSnapshot {
  readonly height: number
  readonly cid: string
  readonly bytes: number
  readonly peers: readonly string[]
}

/** What peers offer: the newest first, of equal ones what more of them have. Peers that do not answer have nothing. */
export async function offeredSnapshots(
  call: ChainCall,
  peers: readonly string[],
  signal?: AbortSignal,
): Promise<readonly OfferedSnapshot[]> {
  const offered = new Map<string, OfferedSnapshot>()
  await Promise.all(
    peers.map(async peerId => {
      const answer = await call(peerId, 'Snapshots', { body: {} }, options(signal)).catch(() => undefined)
      for (const { height, cid, bytes } of answer?.body.snapshots ?? []) {
        const name = `${height}/${cid}`
        const others = offered.get(name)?.peers ?? []
        if (!others.includes(peerId)) offered.set(name, { height, cid, bytes, peers: [...others, peerId] })
      }
    }),
  )
  return [...offered.values()]
    .sort((a, b) => b.height - a.height || b.peers.length - a.peers.length || (a.cid < b.cid ? -1 : 1))
    .slice(0, LIMITS.chainSnapshots)
}

/** A block as it travelled, of a peer that has it. Whether it is the right one is for who asks. */
export async function blockFrom(
  call: ChainCall,
  peerId: string,
  height: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const answer = await call(peerId, 'Blocks', { body: { first: height, limit: 1 } }, options(signal))
  return answer.body.first === height ? answer.attachments[0] : undefined
}

const options = (signal: AbortSignal | undefined) => ({ timeoutMs: ANSWER_MS, ...(signal && { signal }) })
