import type { Timeouts } from './settings.js'

/** A time that runs out. */
export interface Timeout {
  kind: 'propose' | 'prevote' | 'precommit' | 'commit' | 'heartbeat'
  height: number
  /** −1 for those between heights. */
  round: number
}

/** How long a timeout is: longer in later rounds, so that in the end every message comes in time. */
export function delayMs(timeouts: Timeouts, { kind, round }: Timeout): number {
  switch (kind) {
    case 'propose':
      return timeouts.proposeMs + round * timeouts.proposeIncreaseMs
    case 'prevote':
      return timeouts.prevoteMs + round * timeouts.prevoteIncreaseMs
    case 'precommit':
      return timeouts.precommitMs + round * timeouts.precommitIncreaseMs
    case 'commit':
      return timeouts.commitMs
    case 'heartbeat':
      return timeouts.heartbeatMs
  }
}

/** The name of a timeout among those of a height. */
export function timeoutKey({ kind, round }: Timeout): string {
  return `${kind}/${round}`
}
