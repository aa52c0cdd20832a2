import { LIMITS, publicKeyFromPeerId, readEnvelope } from '@neurovoyance/protocol'
import { createIntake, type IntakeLimits } from './intake.js'

/** Offers that a neighbour may make of itself, whatever else it brings. */
const OWN_RATE = { perSecond: 2, burst: 8 }

/** Hears what neighbours say of themselves, also where what they bring of others is too much. */
export interface OwnWord {
  /** Whether an envelope claims to be its bringer's own, and may be looked at; its signature is still to be verified. */
  admit(bytes: Uint8Array, from: string, nowMs: number): boolean
}

/**
 * A neighbour that passes a flood on need not be the flooder: its own offer, without which it would be asked no more,
 * is not lost in it.
 */
export function createOwnWord({ maxNeighbours }: Pick<IntakeLimits, 'maxNeighbours'>): OwnWord {
  const intake = createIntake({ ...OWN_RATE, maxNeighbours })
  const keys = new Map<string, Uint8Array | undefined>()

  function keyOf(peerId: string): Uint8Array | undefined {
    if (!keys.has(peerId)) {
      if (keys.size >= maxNeighbours) keys.delete(keys.keys().next().value!)
      keys.set(peerId, parsedKey(peerId))
    }
    return keys.get(peerId)
  }

  return {
    admit(bytes, from, nowMs) {
      const key = keyOf(from)
      const signer = key && signerOf(bytes)
      if (key === undefined || signer === undefined) return false
      return (
        key.length === signer.length &&
        key.every((byte, at) => byte === signer[at]) &&
        intake.admit(from, nowMs)
      )
    },
  }
}

function parsedKey(peerId: string): Uint8Array | undefined {
  try {
    return publicKeyFromPeerId(peerId)
  } catch {
    return undefined
  }
}

function signerOf(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return readEnvelope(bytes, LIMITS.offerEnvelopeBytes).publicKey
  } catch {
    return undefined
  }
}
