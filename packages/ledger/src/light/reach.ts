import { errorCode } from '@neurovoyance/protocol'
import type { NeededSignature } from '../core/block/commit.js'
import {
  type CoherentBlock,
  followingSignatures,
  type LightRules,
  type TrustedHeader,
  trustedHeader,
} from '../core/light/verify.js'
import type { LedgerError } from '../errors.js'

/** A block on the way, and the signatures by which the one before it vouches for it. */
export interface Hop {
  readonly block: CoherentBlock
  readonly signatures: readonly NeededSignature[]
}

/** A way to find. */
export interface Reach {
  readonly start: TrustedHeader
  readonly target: CoherentBlock
  readonly rules: LightRules
  readonly now: () => number
  readonly ask: (height: number) => Promise<CoherentBlock>
}

/**
 * Finds a way from a trusted header to a block, in hops as far as a third of the trusted validators vouch for. Where
 * one does not, it halves the gap. How far a hop may go is seen without a look at signatures, so that only those of
 * the blocks on the way are ever checked: for a set that changes wholly from time to time, one block for each change.
 *
 * Who asks checks the signatures of every hop before it takes the next.
 */
export async function* reach({ start, target, rules, now, ask }: Reach): AsyncGenerator<Hop> {
  const follow = (from: TrustedHeader, block: CoherentBlock): Hop | undefined => {
    try {
      return { block, signatures: followingSignatures(from, block, now(), rules) }
    } catch (error) {
      if (lacksTrust(error)) return undefined
      throw error
    }
  }
  /** The farthest of some blocks, nearest first, that a trusted one vouches for with all before it. */
  const farthest = (from: TrustedHeader, blocks: readonly CoherentBlock[]): Hop | undefined => {
    let found: Hop | undefined
    for (const block of blocks) {
      const hop = follow(from, block)
      if (hop === undefined) break
      found = hop
    }
    return found
  }

  let from = start
  /** Blocks beyond the hop, nearest first. */
  let ahead: readonly CoherentBlock[] = [target]
  let hop = farthest(from, ahead)
  while (hop?.block !== target) {
    // what the hop's block would vouch for when it is trusted
    const next: Hop | undefined = hop && farthest(trustedHeader(hop.block), ahead)
    if (hop !== undefined && next !== undefined) {
      yield hop
      from = trustedHeader(hop.block)
      hop = next
    } else {
      const near = hop?.block.header.height ?? from.height
      const middle = await ask(Math.floor((near + ahead[0]!.header.height) / 2))
      const farther = follow(from, middle)
      if (farther === undefined) ahead = [middle, ...ahead]
      else hop = farther
    }
    const { height } = hop?.block.header ?? from
    ahead = ahead.filter(({ header }) => header.height > height)
  }
  yield hop
}

const lacksTrust = (error: unknown): boolean =>
  errorCode(error) === 'LEDGER_BAD_COMMIT' && (error as LedgerError).details.missing === 'trusted'
