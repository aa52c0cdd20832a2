import { LIMITS } from '@neurovoyance/protocol'
import { DEFAULT_SETTINGS, type Settings } from '../consensus/core/index.js'
import type { ChainSettings } from './chain.js'

const KIB = 1024

/** Settings that are not the genesis's to make: a community's chain, whose nodes are near each other. */
const DEFAULTS: Omit<ChainSettings, 'heartbeatMs'> = Object.freeze({
  commitMs: DEFAULT_SETTINGS.timeouts.commitMs,
  proposeMs: DEFAULT_SETTINGS.timeouts.proposeMs,
  prevoteMs: DEFAULT_SETTINGS.timeouts.prevoteMs,
  precommitMs: DEFAULT_SETTINGS.timeouts.precommitMs,
  blockBytes: 2 * KIB * KIB,
  blockTransactions: LIMITS.blockTransactions,
  clockSkewMs: 1_000,
  proposalDelayMs: 15_000,
  keepBlocks: undefined,
  snapshotBlocks: 1_000,
  haltHeight: undefined,
  trustedTo: undefined,
})

/** Below this a block has no room for its header, a commit of every validator and one transaction. */
const LEAST_BLOCK_BYTES = 256 * KIB

/** Settings with defaults; a block comes as often as the ledger's rules say, where nothing else is asked for. */
export function settleSettings(chosen: Partial<ChainSettings>, heartbeatMs: number): ChainSettings {
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined))
  const settings = { ...DEFAULTS, heartbeatMs, ...given }
  return {
    ...settings,
    heartbeatMs: Math.min(settings.heartbeatMs, heartbeatMs),
    blockBytes: Math.min(Math.max(settings.blockBytes, LEAST_BLOCK_BYTES), LIMITS.blockBytes),
    blockTransactions: Math.min(settings.blockTransactions, LIMITS.blockTransactions),
  }
}

/** What consensus runs by. */
export function consensusSettings(settings: ChainSettings): Settings {
  const { commitMs, proposeMs, prevoteMs, precommitMs, heartbeatMs } = settings
  const timeouts = { ...DEFAULT_SETTINGS.timeouts, commitMs, proposeMs, prevoteMs, precommitMs, heartbeatMs }
  return { ...DEFAULT_SETTINGS, timeouts }
}
