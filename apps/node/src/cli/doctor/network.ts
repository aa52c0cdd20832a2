import type { NodeStatus } from '../../status.js'
import { formatDuration } from '../format.js'
import { type Finding, fine } from './finding.js'

/** A clock that is further off dates offers, logs and files so that people are misled. */
const TOLERATED_SKEW_MS = 2 * 60_000

/** Whether a node runs, has peers, and agrees with them on the time. */
export function* checkNetwork(running: NodeStatus | undefined): Iterable<Finding> {
  if (running === undefined) {
    const advice = 'nv start, or nv hive up'
    yield { check: 'network', verdict: 'warn', found: 'no node runs from this home', advice }
    return
  }
  const { peers, addresses, clockAheadMs } = running
  const found = `${peers} peers, ${addresses.length} addresses`
  if (peers > 0) yield fine('network', found)
  else {
    const advice = 'Name a bootstrap node: nv config set bootstrap \'["MULTIADDR"]\'.'
    yield { check: 'network', verdict: 'warn', found, advice }
  }
  if (clockAheadMs !== null) yield checkClock(clockAheadMs)
}

function checkClock(aheadMs: number): Finding {
  const off = Math.abs(aheadMs)
  if (off <= TOLERATED_SKEW_MS) return fine('clock', 'agrees with the peers’')
  const found = `${formatDuration(off)} ${aheadMs > 0 ? 'ahead of' : 'behind'} the peers’`
  return { check: 'clock', verdict: 'warn', found, advice: 'Set the machine’s clock, or have it set by NTP.' }
}
