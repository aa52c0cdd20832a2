import { ledgerTime } from '../../core/modules/time/time.js'

/** What a proposal's time is judged by. */
export interface TimelyRules {
  readonly heartbeatMs: bigint
  /** How far a stamp may be ahead of this node's clock. */
  readonly clockSkewMs: number
  /** How far it may be behind. */
  readonly proposalDelayMs: number
}

/**
 * Whether a proposal's ledger time is one that a proposer's clock near this one could have given. A ledger that
 * stood still is behind every clock, and comes nearer by two heartbeats a block.
 */
export function isTimely(timeMs: number, previousTimeMs: number, nowMs: number, rules: TimelyRules): boolean {
  const { heartbeatMs, clockSkewMs, proposalDelayMs } = rules
  const least = ledgerTime(nowMs - proposalDelayMs, previousTimeMs, heartbeatMs)
  const most = ledgerTime(nowMs + clockSkewMs, previousTimeMs, heartbeatMs)
  return timeMs >= least && timeMs <= most
}
