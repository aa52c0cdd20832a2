import { verifyProof } from '@neurovoyance/ledger'
import { LIMITS } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { ChainPeers } from './peers.js'

/** Values that a node gave, with what shows that they are the state's. */
export interface ClaimedValues {
  /** The header of this height has the root that the proofs lead to. */
  readonly height: number
  readonly values: readonly (Uint8Array | undefined)[]
  readonly proofs: readonly Uint8Array[]
}

const CALL_TIMEOUT_MS = 15_000
/** A state that goes on between the calls for more keys than one call takes is asked for again. */
const MOST_TRIES = 4

/**
 * Asks a node for values, all of the state after one block.
 *
 * @throws ClientError `CLIENT_BAD_RESPONSE` for an answer that is none
 */
export async function askValues(
  peers: ChainPeers,
  peerId: string,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<ClaimedValues> {
  for (let tries = 1; ; tries++) {
    const parts: ClaimedValues[] = []
    for (let at = 0; at < keys.length; at += LIMITS.chainValues) {
      parts.push(await askPart(peers, peerId, keys.slice(at, at + LIMITS.chainValues), signal))
    }
    const [first] = parts
    if (first === undefined) return { height: 0, values: [], proofs: [] }
    if (parts.every(({ height }) => height === first.height)) {
      const values = parts.flatMap(part => part.values)
      return { height: first.height, values, proofs: parts.flatMap(part => part.proofs) }
    }
    if (tries === MOST_TRIES) {
      throw new ClientError(
        'CLIENT_BAD_RESPONSE',
        `the state went on ${MOST_TRIES} times while ${keys.length} values were read: ask for fewer`,
      )
    }
  }
}

async function askPart(
  peers: ChainPeers,
  peerId: string,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ClaimedValues> {
  const options = { timeoutMs: CALL_TIMEOUT_MS, ...(signal && { signal }) }
  const { body, attachments } = await peers.call(peerId, 'Values', { body: { keys } }, options)
  if (body.values.length !== keys.length || attachments.length !== 2 * keys.length) {
    throw new ClientError(
      'CLIENT_BAD_RESPONSE',
      `${peerId} answered another number of values than was asked for`,
    )
  }
  return {
    height: body.height,
    values: body.values.map(({ present }, index) => (present ? attachments[2 * index] : undefined)),
    proofs: keys.map((_, index) => attachments[2 * index + 1]!),
  }
}

/**
 * Checks values against the root of a header that was checked.
 *
 * @throws ClientError `CLIENT_BAD_RESPONSE` where one is not the state's
 */
export function checkValues(
  stateRoot: Uint8Array,
  keys: readonly string[],
  { height, values, proofs }: ClaimedValues,
  peerId: string,
): void {
  const wrong = keys.find((key, index) => !verifyProof(stateRoot, key, values[index], proofs[index]!))
  if (wrong === undefined) return
  throw new ClientError(
    'CLIENT_BAD_RESPONSE',
    `${peerId} gave a value of ${wrong} that is not in the state which the header of height ${height} names`,
    { details: { key: wrong, height, node: peerId } },
  )
}
