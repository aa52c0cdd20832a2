import { LightBlock } from '@neurovoyance/protocol'
import { commitBytes, type NeededSignature, wrongSignature } from '../core/block/commit.js'
import { sameBytes } from '../core/block/merkle.js'
import { bytesOf, idOf } from '../core/hex.js'
import {
  type CoherentBlock,
  coherent,
  isExpired,
  type LightRules,
  type TrustedHeader,
  trustedHeader,
} from '../core/light/verify.js'
import { type LedgerError, ledgerError } from '../errors.js'
import { descend } from './descend.js'
import { type Hop, reach } from './reach.js'

/** Whom a light client asks for headers. What it answers is checked. */
export interface LightProvider {
  readonly name: string
  /** An encoded LightBlock of a height, of the newest when left out. */
  lightBlock(height?: number): Promise<Uint8Array>
}

/** Whom to ask. */
export interface LightSources {
  readonly primary: LightProvider
  /** Others who are asked the same: a primary that shows another chain is found out if one of them is honest. */
  readonly witnesses?: readonly LightProvider[]
}

/** Where to begin: a header that was trusted before, or the height and block id (hexadecimal) of one. */
export type LightAnchor = TrustedHeader | { readonly height: number; readonly blockId: string }

/** What a light client is made from. */
export interface LightClientInit extends LightSources {
  rules: LightRules
  /** What its owner trusts: of somebody he knows, of the last time, or the genesis ({@link anchorFromGenesis}). */
  anchor: LightAnchor
  /** Finds a signature that does not hold for a message. Default: one after the other, by `rules.verify`. */
  findWrong?: (
    message: Uint8Array,
    signatures: readonly NeededSignature[],
  ) => Promise<NeededSignature | undefined>
  /** The time. Default `Date.now`. */
  now?: () => number
}

/** Follows a chain by its headers, and trusts nobody. */
export interface LightClient {
  /** The newest header that was checked. */
  readonly trusted: TrustedHeader
  /**
   * Checks the header of a height, of the newest when left out, and returns it. Nothing is trusted unless all of the
   * way holds.
   *
   * @param sources whom to ask this time; those of the beginning when left out
   * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK`, `LEDGER_BAD_COMMIT`, `LEDGER_LIGHT_EXPIRED`; `LEDGER_LIGHT_FORK`
   *   where a witness shows another header that holds as well
   */
  verifyTo(height?: number, sources?: LightSources): Promise<CoherentBlock>
}

/** Headers that were checked and are kept, to begin from below the newest one. */
const KEPT = 256

/**
 * Starts a light client at a header that is trusted already.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK` where the primary does not have that header
 */
export async function createLightClient(init: LightClientInit): Promise<LightClient> {
  const { rules, now = Date.now } = init
  const findWrong =
    init.findWrong ??
    (async (message, signatures) =>
      signatures.find(({ publicKey, signature }) => !rules.verify(publicKey, message, signature)))

  const ask = async (provider: LightProvider, height?: number): Promise<CoherentBlock> => {
    const block = coherent(LightBlock.decode(await provider.lightBlock(height)), rules.chainId)
    if (height === undefined || block.header.height === height) return block
    throw ledgerError(
      'LEDGER_BAD_LIGHT_BLOCK',
      `${provider.name} gave height ${block.header.height} for ${height}`,
    )
  }

  let trusted = await anchored(init.anchor, height => ask(init.primary, height), init.primary.name)
  const kept = new Map<number, TrustedHeader>([[trusted.height, trusted]])
  const checked = new Map<number, CoherentBlock>()

  const keep = (block: CoherentBlock): void => {
    const { height } = block.header
    kept.set(height, trustedHeader(block))
    checked.set(height, block)
    if (height > trusted.height) trusted = kept.get(height)!
    if (kept.size > KEPT) {
      const oldest = [...kept.keys()].find(at => at !== trusted.height)!
      kept.delete(oldest)
      checked.delete(oldest)
    }
  }

  /** The nearest header, up to a height or above it, that is still trusted. */
  const nearest = (isThere: (at: number) => boolean, isNearer: (a: number, b: number) => boolean) => {
    let best: TrustedHeader | undefined
    for (const header of kept.values()) {
      if (!isThere(header.height) || isExpired(header, now(), rules)) continue
      if (best === undefined || isNearer(header.height, best.height)) best = header
    }
    return best
  }
  const below = (height: number) =>
    nearest(
      at => at <= height,
      (a, b) => a > b,
    )
  const above = (height: number) =>
    nearest(
      at => at > height,
      (a, b) => a < b,
    )

  const startFor = (height: number): TrustedHeader => {
    const start = below(height)
    if (start !== undefined) return start
    throw ledgerError('LEDGER_LIGHT_EXPIRED', `no trusted header below height ${height} is young enough`, {
      height,
    })
  }

  /** The way from a trusted header to another that a provider shows; every signature on it holds. */
  const wayTo = async (
    start: TrustedHeader,
    target: CoherentBlock,
    provider: LightProvider,
  ): Promise<CoherentBlock[]> => {
    if (start.height === target.header.height) {
      if (sameBytes(start.blockId, target.blockId)) return []
      throw forked(provider, target, start.blockId)
    }
    const way: CoherentBlock[] = []
    const hops = reach({ start, target, rules, now, ask: height => ask(provider, height) })
    for await (const { block, signatures } of hops) {
      await check(block, signatures)
      way.push(block)
    }
    return way
  }

  const check = async ({ commit }: CoherentBlock, signatures: Hop['signatures']): Promise<void> => {
    const wrong = await findWrong(commitBytes(rules.chainId, commit), signatures)
    if (wrong !== undefined) throw wrongSignature(wrong.validator)
  }

  /** A witness who says something else has to show it as well as the primary did. */
  const crossCheck = async (
    start: TrustedHeader,
    { header, blockId }: CoherentBlock,
    witnesses: readonly LightProvider[],
  ): Promise<void> => {
    await Promise.all(
      witnesses.map(async witness => {
        const theirs = await ask(witness, header.height).catch(() => undefined)
        if (theirs === undefined || sameBytes(theirs.blockId, blockId)) return
        const way = await wayTo(start, theirs, witness).catch(() => undefined)
        if (way !== undefined) throw forked(witness, theirs, blockId)
      }),
    )
  }

  return {
    get trusted() {
      return trusted
    },
    async verifyTo(height, { primary, witnesses = [] } = init) {
      const known = height === undefined ? undefined : checked.get(height)
      if (known !== undefined) return known
      const after = height === undefined ? undefined : above(height)
      if (after !== undefined && (after.height === height! + 1 || below(height!) === undefined)) {
        // what comes before a trusted header is told by hashes alone
        const first = checked.get(after.height) ?? (await ask(primary, after.height))
        if (!sameBytes(first.blockId, after.blockId)) throw forked(primary, first, after.blockId)
        const block = await descend({ from: first, to: height!, ask: at => ask(primary, at) })
        keep(block)
        return block
      }
      const target = await ask(primary, height)
      const start = startFor(target.header.height)
      const way = await wayTo(start, target, primary)
      if (way.length > 0) await crossCheck(start, target, witnesses)
      for (const block of way) keep(block)
      return target
    },
  }
}

async function anchored(
  anchor: LightAnchor,
  ask: (height: number) => Promise<CoherentBlock>,
  name: string,
): Promise<TrustedHeader> {
  if ('nextValidators' in anchor) return anchor
  const block = await ask(anchor.height)
  if (sameBytes(block.blockId, bytesOf(anchor.blockId))) return trustedHeader(block)
  throw ledgerError('LEDGER_BAD_LIGHT_BLOCK', `${name} has another block at height ${anchor.height}`, {
    expected: anchor.blockId,
    actual: idOf(block.blockId),
  })
}

function forked(provider: LightProvider, { header, blockId }: CoherentBlock, ours: Uint8Array): LedgerError {
  return ledgerError(
    'LEDGER_LIGHT_FORK',
    `${provider.name} has another block at height ${header.height}: one of the two is a lie, or the chain has forked`,
    { height: header.height, ours: idOf(ours), theirs: idOf(blockId) },
  )
}
