import { errorCode, LightBlock } from '@neurovoyance/protocol'
import { sameBytes } from '../core/block/merkle.js'
import { bytesOf, idOf } from '../core/hex.js'
import {
  type CoherentBlock,
  coherent,
  isExpired,
  type LightRules,
  verifyBlock,
} from '../core/light/verify.js'
import { type LedgerError, ledgerError } from '../errors.js'

/** Whom a light client asks for headers. What it answers is checked. */
export interface LightProvider {
  readonly name: string
  /** An encoded LightBlock of a height, of the newest when left out. */
  lightBlock(height?: number): Promise<Uint8Array>
}

/** What a light client is made from. */
export interface LightClientInit {
  rules: LightRules
  /** A header that its owner trusts, by its height and block id: from somebody he knows, or from the genesis. */
  anchor: { height: number; blockId: string }
  primary: LightProvider
  /** Others who are asked the same: a primary that shows another chain is found out if one of them is honest. */
  witnesses?: readonly LightProvider[]
  /** The time. Default `Date.now`. */
  now?: () => number
}

/** Follows a chain by its headers, and trusts nobody. */
export interface LightClient {
  /** The newest header that was checked. */
  readonly trusted: CoherentBlock
  /**
   * Checks the header of a height, of the newest when left out, and returns it.
   *
   * @throws LedgerError `LEDGER_LIGHT_FORK` where a witness shows another one
   */
  verifyTo(height?: number): Promise<CoherentBlock>
}

/** Headers that were checked and are kept, to begin from below the newest one. */
const KEPT = 256

/**
 * Starts a light client at a header that is trusted already.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK` where the primary does not have that header
 */
export async function createLightClient(init: LightClientInit): Promise<LightClient> {
  const { rules, anchor, primary, witnesses = [], now = Date.now } = init
  const ask = async (provider: LightProvider, height?: number): Promise<CoherentBlock> => {
    const block = coherent(LightBlock.decode(await provider.lightBlock(height)), rules.chainId)
    if (height !== undefined && block.header.height !== height) {
      throw ledgerError(
        'LEDGER_BAD_LIGHT_BLOCK',
        `${provider.name} gave height ${block.header.height} for ${height}`,
      )
    }
    return block
  }

  const first = await ask(primary, anchor.height)
  if (!sameBytes(first.blockId, bytesOf(anchor.blockId))) {
    throw ledgerError(
      'LEDGER_BAD_LIGHT_BLOCK',
      `${primary.name} has another block at height ${anchor.height}`,
      {
        expected: anchor.blockId,
        actual: idOf(first.blockId),
      },
    )
  }
  const kept = new Map([[first.header.height, first]])
  let trusted = first

  const keep = (block: CoherentBlock): void => {
    kept.set(block.header.height, block)
    if (kept.size > KEPT) kept.delete(kept.keys().next().value as number)
    if (block.header.height > trusted.header.height) trusted = block
  }

  /** The highest header below a height that is still trusted. */
  const startFor = (height: number): CoherentBlock => {
    const below = [...kept.values()].filter(
      block => block.header.height <= height && !isExpired(block, now(), rules),
    )
    const best = below.sort((a, b) => b.header.height - a.header.height)[0]
    if (best !== undefined) return best
    throw ledgerError('LEDGER_LIGHT_EXPIRED', `no trusted header below height ${height} is young enough`, {
      height,
    })
  }

  /** Skips as far as a third of the trusted validators vouch for, and halves the way where they do not. */
  const skipTo = async (target: CoherentBlock): Promise<void> => {
    let from = startFor(target.header.height)
    const ahead = [target]
    while (ahead.length > 0) {
      const next = ahead.at(-1)!
      if (next.header.height === from.header.height) {
        if (!sameBytes(next.blockId, from.blockId)) throw forked(primary, next, from)
        ahead.pop()
        continue
      }
      try {
        verifyBlock(from, next, now(), rules)
        from = next
        keep(next)
        ahead.pop()
      } catch (error) {
        if (!lacksTrust(error)) throw error
        ahead.push(await ask(primary, Math.floor((from.header.height + next.header.height) / 2)))
      }
    }
  }

  const crossCheck = async (block: CoherentBlock): Promise<void> => {
    await Promise.all(
      witnesses.map(async witness => {
        const theirs = await ask(witness, block.header.height).catch(() => undefined)
        if (theirs !== undefined && !sameBytes(theirs.blockId, block.blockId))
          throw forked(witness, theirs, block)
      }),
    )
  }

  return {
    get trusted() {
      return trusted
    },
    async verifyTo(height) {
      const known = height === undefined ? undefined : kept.get(height)
      if (known !== undefined) return known
      const target = await ask(primary, height)
      await skipTo(target)
      await crossCheck(target)
      return target
    },
  }
}

const lacksTrust = (error: unknown): boolean =>
  errorCode(error) === 'LEDGER_BAD_COMMIT' && (error as LedgerError).details.missing === 'trusted'

function forked(provider: LightProvider, theirs: CoherentBlock, ours: CoherentBlock): LedgerError {
  return ledgerError(
    'LEDGER_LIGHT_FORK',
    `${provider.name} has another block at height ${ours.header.height}: one of the two is a lie, or the chain has forked`,
    { height: ours.header.height, ours: idOf(ours.blockId), theirs: idOf(theirs.blockId) },
  )
}
