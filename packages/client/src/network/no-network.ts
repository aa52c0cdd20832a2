import { ClientError } from '../errors.js'

/** The error of a client that reaches nobody. */
export function noNetwork(bootstrap: readonly string[], cause?: unknown): ClientError {
  const tried = bootstrap.length === 0 ? 'no bootstrap address was given' : `tried ${bootstrap.join(', ')}`
  return new ClientError(
    'CLIENT_NO_NETWORK',
    `the client is not connected to any peer (${tried}): check that a bootstrap node runs there that its port can be reached from here, and, where the swarm is private, that swarmKey is its key`,
    { details: { bootstrap: [...bootstrap] }, ...(cause !== undefined && { cause }) },
  )
}
