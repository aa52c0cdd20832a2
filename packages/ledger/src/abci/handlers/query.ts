import { LIMITS } from '@neurovoyance/protocol'
import type { Ledger } from '../application/ledger.js'
import type { RequestOf } from '../messages/requests.js'
import type { ResponseOf } from '../messages/responses.js'

/** The one path that is answered: the value under a key of the state. */
export const VALUE_PATH = '/value'
/** Type of the one proof operation: `data` is what `verifyProof` takes. */
export const PROOF_TYPE = 'neurovoyance/tree/1'
/** `codespace` of everything that fails here. */
export const CODESPACE = 'neurovoyance'

const refused = (info: string, log: string): ResponseOf<'query'> => ({
  code: 1,
  codespace: CODESPACE,
  info,
  log,
})

/**
 * Gives the value under a key of the state, with a proof where it is asked for: `path` is `/value`, `data` the key.
 * The root that the proof leads to is the `app_hash` in the header of the height after the answer's.
 */
export function query(ledger: Ledger, request: RequestOf<'query'>): ResponseOf<'query'> {
  const path = Buffer.from(request.path).toString()
  if (path !== VALUE_PATH) return refused('LEDGER_NOT_FOUND', `ask for ${VALUE_PATH}`)
  const key = Buffer.from(request.data).toString()
  if (key.length === 0 || Buffer.byteLength(key) > LIMITS.stateKeyBytes) {
    return refused('LEDGER_NOT_FOUND', 'data is not a key of the state')
  }
  const { state } = ledger
  const height = state.height ?? 0
  if (request.height !== 0 && request.height !== height) {
    return refused('LEDGER_NOT_FOUND', `only the state after block ${height} is here`)
  }
  const value = state.get(key)
  const proof = request.prove && state.height !== undefined ? state.prove(key) : undefined
  return {
    key: request.data,
    ...(value === undefined ? { log: 'absent' } : { value }),
    ...(proof && { proofOps: { ops: [{ type: PROOF_TYPE, key: request.data, data: proof }] } }),
    height,
  }
}
