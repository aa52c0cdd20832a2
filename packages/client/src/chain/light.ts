import { verifyZip215 } from '@neurovoyance/ledger'
import {
  createLightClient,
  type LightAnchor,
  type LightClient,
  type LightClientInit,
  type LightProvider,
  type LightRules,
  type LightSources,
} from '@neurovoyance/ledger/light'
import type { Verifier } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { ChainPeers } from './peers.js'

/** Nodes that are asked the same as the first one, to find out whether it shows another chain. */
const WITNESSES = 3
const CALL_TIMEOUT_MS = 15_000

/** A node as a light client asks it. */
export function providerAt({ call }: ChainPeers, peerId: string): LightProvider {
  return {
    name: peerId,
    async lightBlock(height) {
      const body = height === undefined ? {} : { height }
      const { attachments } = await call(peerId, 'LightBlock', { body }, { timeoutMs: CALL_TIMEOUT_MS })
      if (attachments[0] !== undefined) return attachments[0]
      throw new ClientError('CLIENT_BAD_RESPONSE', `${peerId} answered without a light block`)
    },
  }
}

/** One node to ask, and others to compare it with. */
export function sourcesOf(peers: ChainPeers, primary: string, others: readonly string[]): LightSources {
  return {
    primary: providerAt(peers, primary),
    witnesses: others
      .filter(peerId => peerId !== primary)
      .slice(0, WITNESSES)
      .map(peerId => providerAt(peers, peerId)),
  }
}

/**
 * Checks signatures side by side by a platform's verifier (a host has one); what that refuses is checked again by
 * ZIP-215, which accepts a few more.
 */
export function findWrongBy(verifier: Verifier): NonNullable<LightClientInit['findWrong']> {
  return async (message, signatures) => {
    const verdicts = await Promise.all(
      signatures.map(({ publicKey, signature }) => verifier.verify(publicKey, message, signature)),
    )
    return signatures.find(
      ({ publicKey, signature }, index) => !verdicts[index] && !verifyZip215(publicKey, message, signature),
    )
  }
}

/** Starts the light client of a reader. */
export function startLight(init: {
  peers: ChainPeers
  rules: Omit<LightRules, 'verify'>
  anchor: LightAnchor
  sources: LightSources
  now: () => number
}): Promise<LightClient> {
  const { peers, anchor, sources, now } = init
  const findWrong = peers.verifier && findWrongBy(peers.verifier)
  const rules = { ...init.rules, verify: verifyZip215 }
  return createLightClient({ rules, anchor, ...sources, now, ...(findWrong && { findWrong }) })
}
