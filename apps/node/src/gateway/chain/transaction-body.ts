import { LIMITS } from '@neurovoyance/protocol'
import type { FastifyRequest } from 'fastify'
import { badRequest } from './refusals.js'

/**
 * The bytes of a transaction that came as the body of a request: as they are, or JSON with them in base64.
 *
 * @throws NodeError `NODE_BAD_REQUEST`
 */
export function transactionBytes(request: FastifyRequest): Uint8Array {
  const body = request.body as Uint8Array | undefined
  if (body === undefined || body.length === 0)
    throw badRequest('the body is a transaction: its bytes, or JSON { "bytes": base64 }')
  const isJson = request.headers['content-type']?.startsWith('application/json') === true
  // a transaction in base64, with room for the JSON about it
  if (body.length > (isJson ? 2 : 1) * LIMITS.transactionBytes) {
    throw badRequest(`a transaction has ${LIMITS.transactionBytes} bytes at most`)
  }
  return isJson ? fromJson(body) : Uint8Array.from(body)
}

function fromJson(body: Uint8Array): Uint8Array {
  try {
    const { bytes } = JSON.parse(Buffer.from(body).toString('utf8')) as { bytes?: unknown }
    if (typeof bytes === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(bytes)) {
      return Uint8Array.from(Buffer.from(bytes, 'base64'))
    }
  } catch {
    // said below
  }
  throw badRequest('the body is no JSON of the form { "bytes": base64 }')
}
