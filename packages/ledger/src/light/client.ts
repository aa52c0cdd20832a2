import { Commit, Header, LightBlock } from '@neurovoyance/protocol'
import { commitBytes, type NeededSignature, wrongSignature } from '../core/block/commit.js'
import { sameBytes } from '../core/block/merkle.js'
import { bytesOf, idOf } from '../core/hex.js'
import {
  type CoherentBlock,
  coherent,
  contradictingSignatures,
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
   * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK`, `LEDGER_BAD_COMMIT`: what the provider gave does not hold;
   *   `LEDGER_TOO_EARLY`: its newest block is below all that is trusted; `LEDGER_LIGHT_EXPIRED`: nothing that is trusted
   *   is young enough; `LEDGER_LIGHT_TOO_FAR`: the height is too far below; `LEDGER_LIGHT_FORK`: somebody shows another
   *   header of a height, decided by its validators as well, with what shows that in `details`
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
    if (above(height) !== undefined) {
      throw ledgerError(
        'LEDGER_TOO_EARLY',
        `the newest block of who was asked, ${height}, is below all that is trusted`,
        {
          height,
        },
      )
    }
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
      await checkSame(start, target, provider)
      return []
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

  /** Another block beside a trusted one is a fork where its height's validators decided it, too; else it is a lie. */
  const checkSame = async (
    ours: TrustedHeader,
    theirs: CoherentBlock,
    provider: LightProvider,
  ): Promise<void> => {
    if (sameBytes(ours.blockId, theirs.blockId)) return
    const { height } = ours
    const decidedBy = checked.get(height)?.validators ?? kept.get(height - 1)?.nextValidators
    await check(theirs, contradictingSignatures(ours, theirs, decidedBy))
    throw forked(provider, theirs, checked.get(height) ?? ours)
  }

  /** A witness who says something else has to show it as well as the primary did. */
  const crossCheck = async (
    start: TrustedHeader,
    ours: CoherentBlock,
    witnesses: readonly LightProvider[],
  ): Promise<void> => {
    await Promise.all(
      witnesses.map(async witness => {
        const theirs = await ask(witness, ours.header.height).catch(() => undefined)
        if (theirs === undefined || sameBytes(theirs.blockId, ours.blockId)) return
        const way = await wayTo(start, theirs, witness).catch(() => undefined)
        if (way !== undefined) throw forked(witness, theirs, ours)
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
        await checkSame(after, first, primary)
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

/** Both blocks hold: the details show who signed both. */
function forked(
  provider: LightProvider,
  theirs: CoherentBlock,
  ours: CoherentBlock | TrustedHeader,
): LedgerError {
  const { height } = theirs.header
  return ledgerError(
    'LEDGER_LIGHT_FORK',
    `${provider.name} has another block at height ${height}, and its validators signed both: the chain has forked`,
    { height, ours: evidenceOf(ours), theirs: evidenceOf(theirs) },
  )
}

/** A block's id and, where they are at hand, its header and commit, hexadecimal. */
const evidenceOf = (block: CoherentBlock | TrustedHeader) => ({
  blockId: idOf(block.blockId),
  ...('commit' in block && {
    header: idOf(Header.encode(block.header)),
    commit: idOf(Commit.encode(block.commit)),
  }),
})
