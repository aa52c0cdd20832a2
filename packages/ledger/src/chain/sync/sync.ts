/**
 * How a node gets the blocks that others decided without it.
 *
 * Blocks come from several peers at once and are verified some ahead of the one that is applied: their commits, then the
 * signatures of their transactions, in the platform's threads. A node that is a little behind gives them to consensus,
 * which goes on voting; one that is far behind, and has blocks that prove it, stops consensus and applies them itself.
 */
import { type Clock, errorCode, type Logger, silentLogger } from '@neurovoyance/protocol'
import type { Verify } from '../../core/crypto/zip215.js'
import { nativeVerifierAside } from '../../crypto/native-verify.js'
import type { TrustedBlock } from '../chain.js'
import type { ChainPeers } from '../gossip/ports.js'
import type { ChainNetwork } from '../network.js'
import { isOther, untrusted } from '../trusted-block.js'
import { Fetch } from './fetch.js'
import { follows, openDecided } from './open-decided.js'
import type { DecidedBlock, SyncChain } from './ports.js'
import { DEFAULT_SYNC_SETTINGS, type SyncSettings } from './settings.js'
import { AT_ONCE, verifierOfMany } from './signatures.js'

/** What block sync is made from. */
export interface BlockSyncInit {
  chainId: string
  network: Pick<ChainNetwork, 'call'>
  /** `Gossip.peers`. */
  peers: ChainPeers
  chain: SyncChain
  /** ZIP-215, by the platform's verifier where that accepts. */
  verify: Verify
  /**
   * A block whose header a light client has verified: up to it the signatures of transactions are not checked, since
   * the commits were made by validators who did; at its height no other is taken.
   */
  trustedTo?: TrustedBlock | undefined
  /** A decided block cannot be applied here: a disk failed, or the application is another than the validators'. */
  onFailure(error: unknown): void
  clock: Clock
  /** Silent when left out. */
  logger?: Logger
  settings?: Partial<SyncSettings>
}

/** Fetches what others have decided. */
export interface BlockSync {
  /** Whether the node is far behind others: consensus stands still. */
  readonly catchingUp: boolean
  /** Ends requests and timers; resolves when nothing is being applied. */
  stop(): Promise<void>
}

/** Blocks that have to be proven decided before consensus is stopped: nobody's word is enough for that. */
const PROOF_BLOCKS = 4

/** Begins to follow whoever is ahead. */
export function startBlockSync(init: BlockSyncInit): BlockSync {
  const { chainId, chain, clock, logger = silentLogger, trustedTo } = init
  const settings: SyncSettings = { ...DEFAULT_SYNC_SETTINGS, ...init.settings }
  const verifyAll = verifierOfMany(nativeVerifierAside(AT_ONCE), init.verify)
  const opening = new Map<number, Opening>()
  const cancels = new Set<() => void>()
  let isPaused = false
  let isStopped = false
  let isChanged = false
  let wake: (() => void) | undefined

  /** The loop looks again: at once, or at its next turn. */
  function change(): void {
    isChanged = true
    const waiting = wake
    wake = undefined
    waiting?.()
  }

  async function changed(): Promise<void> {
    if (!isChanged) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    isChanged = false
  }

  function changeAfter(delayMs: number): void {
    const cancel = clock.after(delayMs, () => {
      cancels.delete(cancel)
      change()
    })
    cancels.add(cancel)
  }

  const fetch = new Fetch({ ...init, logger, settings, onChange: change, changeAfter })
  const stopHeads = init.peers.onHead(change)
  const stopApplied = chain.onApplied(change)

  /** Begins to verify the blocks that have come, some ahead. */
  function openAhead(): void {
    if (isStopped) return
    const head = chain.head()
    for (const height of opening.keys()) if (height <= head.height) opening.delete(height)
    for (let height = head.height + 1; height <= head.height + settings.aheadBlocks; height++) {
      const fetched = fetch.at(height)
      if (fetched === undefined) return
      const known = opening.get(height)
      if (known?.bytes === fetched.bytes && !(known.isUnknown && known.headHeight < head.height)) continue
      const started: Opening = {
        bytes: fetched.bytes,
        from: fetched.from,
        headHeight: head.height,
        isUnknown: false,
        block: undefined,
        ended: Promise.resolve(),
      }
      const isTrusted = trustedTo !== undefined && height <= trustedTo.height
      started.ended = openDecided(fetched, { chainId, head, isTrusted, verifyAll }).then(
        block => {
          started.block = block
          started.isUnknown = block === undefined
        },
        error => {
          if (opening.get(height) === started) accuse(height, fetched.from, error)
        },
      )
      opening.set(height, started)
    }
  }

  function accuse(height: number, peerId: string, error: unknown): void {
    logger.warn({ peer: peerId, height, error }, 'a peer gave a block that was not decided')
    for (const [other, { from }] of opening) if (from === peerId) opening.delete(other)
    fetch.accuse(peerId, `block ${height} was not decided: ${errorCode(error)}`)
  }

  /** The next block, verified; nothing where it is not here or not what it should be. */
  async function nextBlock(): Promise<DecidedBlock | undefined> {
    openAhead()
    const height = chain.head().height + 1
    const next = opening.get(height)
    await next?.ended
    const head = chain.head()
    const block = opening.get(height)?.block
    if (next === undefined || block === undefined || block.height !== head.height + 1) return undefined
    const isFollowing = follows(block, head)
    // those who gave the blocks before it lied, and not who gives the one that is trusted
    if (!isFollowing && trustedTo?.height === height && !isOther(block, trustedTo)) throw untrusted(trustedTo)
    if (isFollowing && !isOther(block, trustedTo)) return block
    accuse(height, next.from, new RangeError('it does not follow'))
    return undefined
  }

  /** Whether blocks that were decided show that this node is far behind. */
  async function isProvenFar(): Promise<boolean> {
    const { height } = chain.head()
    if (fetch.highest() - height < settings.farBlocks) return false
    for (let ahead = 1; ahead <= PROOF_BLOCKS; ahead++) {
      const next = opening.get(height + ahead)
      await next?.ended
      if (next?.block === undefined) return false
    }
    return true
  }

  /** What consensus was told last, and when: it may be busy, or have lost it. */
  let fed = { height: 0, at: 0 }

  async function takeNext(block: DecidedBlock): Promise<void> {
    if (!isPaused && (await isProvenFar())) {
      logger.info({ height: block.height, target: fetch.highest() }, 'far behind: catching up')
      isPaused = true
      await chain.pause()
      return
    }
    if (isPaused) {
      const applied = chain.apply(block)
      // the block is applied in this turn; while it goes to the disk, others are read
      setImmediate(openAhead)
      await applied
      return
    }
    const now = clock.monotonicMs()
    if (fed.height !== block.height || now - fed.at >= settings.refeedMs) {
      fed = { height: block.height, at: now }
      chain.feed(block)
      changeAfter(settings.refeedMs)
    }
    await changed()
  }

  async function resume(): Promise<void> {
    isPaused = false
    logger.info({ height: chain.head().height }, 'caught up')
    await chain.resume()
  }

  /** Since when the block after the head is known to exist, and which. */
  let due = { height: 0, since: 0 }

  /** Whether consensus had its time to decide the next block by itself. */
  function isOverdue(): boolean {
    const height = chain.head().height + 1
    const highest = fetch.highest()
    if (isPaused || highest > height) return highest >= height
    if (highest < height) return false
    const now = clock.monotonicMs()
    if (due.height !== height) {
      due = { height, since: now }
      changeAfter(settings.graceMs)
    }
    return now - due.since >= settings.graceMs
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const isDue = isOverdue()
      if (isDue) fetch.ask(chain.head().height)
      const block = isDue ? await nextBlock() : undefined
      if (isStopped) break
      if (block !== undefined) await takeNext(block)
      else if (isPaused && !isDue) await resume()
      else if (isPaused && !fetch.isAsking && fetch.at(chain.head().height + 1) === undefined) await resume()
      else await changed()
    }
    if (isPaused) logger.debug({}, 'block sync stops')
  }

  const running = run().catch(error => {
    if (!isStopped) init.onFailure(error)
  })

  return {
    get catchingUp() {
      return isPaused
    },
    async stop() {
      isStopped = true
      stopHeads()
      stopApplied()
      for (const cancel of cancels) cancel()
      change()
      await fetch.stop()
      await running
    },
  }
}

/** A fetched block that is being verified. */
interface Opening {
  readonly bytes: Uint8Array
  readonly from: string
  /** The head when that began. */
  readonly headHeight: number
  /** Whether it was not known yet who decides it. */
  isUnknown: boolean
  block: DecidedBlock | undefined
  ended: Promise<void>
}
