import type { Clock } from '@neurovoyance/protocol'
import type { RpcLimits } from './limits.js'

/** What a peer did against the rules, and how many points it costs. */
export const penalties = Object.freeze({
  malformed: 25,
  tooLarge: 25,
  stalled: 10,
  badBody: 10,
  tooManyCalls: 1,
  tooManyMessages: 5,
})

/** One of the rules that a peer can break. */
export type Penalty = keyof typeof penalties

interface Account {
  points: number
  calls: number
  atMs: number
}

/** Keeps account of how peers behave: penalty points that fade, and the rate at which they call. */
export interface Conduct {
  /** Notes a broken rule; true when the peer has now used up its points. */
  penalise(peerId: string, penalty: Penalty): boolean
  /** Whether a peer has used up its points for now. */
  isShunned(peerId: string): boolean
  /** Takes one call from the peer's rate; false where it calls too fast. */
  mayCall(peerId: string): boolean
}

/** Accounts for the last `limits.rememberedPeers` peers. */
export function createConduct(clock: Clock, limits: RpcLimits): Conduct {
  const accounts = new Map<string, Account>()

  function accountOf(peerId: string): Account {
    const nowMs = clock.monotonicMs()
    let account = accounts.get(peerId)
    if (account === undefined) {
      account = { points: 0, calls: limits.callsPerSecondPerPeer, atMs: nowMs }
      if (accounts.size >= limits.rememberedPeers) accounts.delete(accounts.keys().next().value as string)
      accounts.set(peerId, account)
      return account
    }
    const seconds = (nowMs - account.atMs) / 1000
    account.points = Math.max(0, account.points - seconds)
    account.calls = Math.min(
      limits.callsPerSecondPerPeer,
      account.calls + seconds * limits.callsPerSecondPerPeer,
    )
    account.atMs = nowMs
    return account
  }

  return {
    penalise(peerId, penalty) {
      const account = accountOf(peerId)
      account.points += penalties[penalty]
      return account.points >= limits.penaltyPoints
    },
    isShunned: peerId => accounts.has(peerId) && accountOf(peerId).points >= limits.penaltyPoints,
    mayCall(peerId) {
      const account = accountOf(peerId)
      if (account.calls < 1) return false
      account.calls -= 1
      return true
    },
  }
}
