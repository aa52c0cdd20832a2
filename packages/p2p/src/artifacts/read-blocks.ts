import { ArtifactService, type Clock, LIMITS, type Message, type ReadRequest } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { BlockHasher } from './block-hasher.js'
import type { BlockQueue } from './block-queue.js'
import { BufferPool } from './buffer-pool.js'
import type { Block } from './partial.js'
import type { ArtifactHost } from './types.js'
import { sameBytes } from './unixfs/block.js'
import { Turnstile } from './waiting.js'

/** What reading from one provider needs. */
export interface ReadBlocksInit {
  host: ArtifactHost
  clock: Clock
  peerId: string
  queue: BlockQueue
  hasher: BlockHasher
  blocksInFlight: number
  stallMs: number
  signal: AbortSignal
  /** Takes a verified block; its buffer is filled again after the promise. */
  onBlock(block: Block, bytes: Uint8Array): Promise<void>
}

/**
 * Reads blocks from one provider until none is left for it: several are asked for at once, every one is verified
 * before it counts, and what it does not send goes back to the queue.
 *
 * Blocks are hashed and written on other threads while those after them arrive.
 *
 * @throws P2pError `P2P_ARTIFACT_CORRUPT` for a provider whose bytes do not match, `P2P_STREAM_RESET` for one that
 * stalls, what `onBlock` throws, and what the stream throws
 */
export async function readBlocks(init: ReadBlocksInit): Promise<void> {
  const { host, clock, peerId, queue, hasher, blocksInFlight, stallMs, signal, onBlock } = init
  const asked: Block[] = []
  const taking = new Set<Promise<void>>()
  const buffers = new BufferPool()
  const room = new Turnstile(blocksInFlight)
  const stop = new AbortController()
  let disarm = () => {}

  const arm = () => {
    disarm()
    disarm = clock.after(stallMs, () => stop.abort(stalled(peerId, stallMs)))
  }

  async function* requests(): AsyncGenerator<Message<ReadRequest>> {
    for (;;) {
      await room.enter()
      const block = stop.signal.aborted ? undefined : queue.take(peerId, clock.monotonicMs())
      if (block === undefined) return
      asked.push(block)
      const length = block.file.whole ? LIMITS.artifactBlockBytes : block.leaf.bytes
      yield { body: { cid: block.file.cid, offset: block.leaf.offset, length } }
    }
  }

  /** Verifies and writes one block, both off this thread, while the next ones arrive. */
  async function take(block: Block, bytes: Uint8Array): Promise<void> {
    try {
      if (!sameBytes(await hasher.digest(bytes), block.leaf.digest)) {
        queue.giveBack(block, peerId)
        throw corrupt(peerId)
      }
      if (queue.arrived(block)) await onBlock(block, bytes)
      buffers.giveBack(bytes)
      room.leave()
    } catch (error) {
      stop.abort(error)
    }
  }

  arm()
  try {
    const options = { signal: AbortSignal.any([signal, stop.signal]), allocate: buffers.take }
    const answers = host.rpc.duplex(peerId, ArtifactService, 'Read', requests(), options)
    for await (const { body, attachments } of answers) {
      const [bytes] = attachments
      const block = asked[0]
      if (block === undefined || bytes === undefined || body.offset !== block.leaf.offset)
        throw corrupt(peerId)
      asked.shift()
      arm()
      const taken = take(block, bytes)
      taking.add(taken)
      void taken.then(() => taking.delete(taken))
    }
    await Promise.all(taking)
    stop.signal.throwIfAborted()
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    disarm()
    stop.abort()
    room.close()
    for (const block of asked) queue.giveBack(block, peerId)
    await Promise.all(taking)
  }
}

function corrupt(peerId: string): P2pError {
  return new P2pError(
    'P2P_ARTIFACT_CORRUPT',
    `The peer ${peerId} sent bytes that are not what their CID says.`,
    {
      details: { peerId },
    },
  )
}

function stalled(peerId: string, stallMs: number): P2pError {
  return new P2pError('P2P_STREAM_RESET', `The peer ${peerId} sent no block for ${stallMs} ms.`, {
    details: { peerId, stallMs },
  })
}
