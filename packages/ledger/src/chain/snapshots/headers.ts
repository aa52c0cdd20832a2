import { errorCode, type Logger } from '@neurovoyance/protocol'
import type { CoherentBlock, LightRules } from '../../core/light/verify.js'
import { LedgerError } from '../../errors.js'
import { createLightClient, type LightAnchor, type LightClientInit } from '../../light/index.js'
import { chainError } from '../errors.js'
import type { ChainCall } from '../network.js'
import { type OfferedSnapshot, providerOf } from './providers.js'

/** What headers are followed by. */
export interface HeadersInit {
  /** A header that its owner trusts, by height and block id; or the genesis (`anchorFromGenesis`) while that is young. */
  anchor: LightAnchor
  rules: LightRules
  /** Finds a signature that does not hold; see `LightClientInit`. */
  findWrong?: LightClientInit['findWrong']
  /** Nodes of the chain. What one of them says of headers is held against what the others say. */
  peers: readonly string[]
  call: ChainCall
  /** The time. Default `Date.now`. */
  now?: () => number
  signal?: AbortSignal
  logger?: Logger
}

/** Blocks after the snapshot whose proposers are looked at; as many as there are turns of most sets. */
const PROPOSERS = 128

/** Whether this node has seen a fork itself. A peer that answers with the code of one has said nothing. */
export const isFork = (error: unknown): boolean =>
  error instanceof LedgerError && error.code === 'LEDGER_LIGHT_FORK'

/**
 * The headers from a snapshot's height on, verified: by the first of those who offer it whose headers hold, witnessed
 * by everybody who is connected.
 *
 * @throws LedgerError `LEDGER_LIGHT_FORK`
 * @throws ChainError `LEDGER_SYNC_NO_SNAPSHOT` where none of them shows headers that hold
 */
export async function headersFrom(
  init: HeadersInit,
  { height, peers }: OfferedSnapshot,
): Promise<CoherentBlock[]> {
  const { signal, logger } = init
  let last: unknown
  for (const peer of peers) {
    try {
      return await headersOf(init, height, peer)
    } catch (error) {
      signal?.throwIfAborted()
      if (isFork(error)) throw error
      logger?.warn({ error, peer, height }, 'a peer shows no headers that hold')
      last = error
    }
  }
  const problem = `nobody shows headers that hold: ${(last as Error).message}`
  throw chainError('LEDGER_SYNC_NO_SNAPSHOT', problem, { reason: errorCode(last) }, last)
}

async function headersOf(init: HeadersInit, height: number, peer: string): Promise<CoherentBlock[]> {
  const { anchor, rules, findWrong, now, call, signal } = init
  const others = init.peers.filter(other => other !== peer)
  const client = await createLightClient({
    anchor,
    rules,
    primary: providerOf(call, peer, signal),
    witnesses: others.map(other => providerOf(call, other, signal)),
    ...(findWrong && { findWrong }),
    ...(now && { now }),
  })
  const headers = [await client.verifyTo(height), await client.verifyTo(height + 1)]
  const newest = (await client.verifyTo()).header.height
  const last = Math.min(newest, height + PROPOSERS)
  for (let at = height + 2; at <= last; at++) {
    signal?.throwIfAborted()
    headers.push(await client.verifyTo(at))
  }
  return headers
}
