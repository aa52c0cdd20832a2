import type { MethodDefinition, ServiceDefinition } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { CallContext } from './types.js'

/** A method with its handler, types set aside: the codecs stand between them and the wire. */
export interface ServedMethod {
  definition: MethodDefinition<unknown, unknown>
  handler: (request: never, context: CallContext) => unknown
}

/** The methods of a service by name, as far as there are handlers for them. */
export type ServedMethods = ReadonlyMap<string, ServedMethod>

/** Puts the methods of a service and their handlers together. */
export function servedMethods(
  service: ServiceDefinition,
  handlers: Record<string, ServedMethod['handler'] | undefined>,
): ServedMethods {
  const methods = new Map<string, ServedMethod>()
  const definitions = service.methods as Record<string, ServedMethod['definition']>
  for (const [key, definition] of Object.entries(definitions)) {
    const handler = handlers[key]
    if (handler !== undefined) methods.set(definition.name, { definition, handler })
  }
  return methods
}

/** @throws P2pError `P2P_LIMIT_EXCEEDED` for more bytes of attachments than a method takes in one message */
export function assertTakes(
  { name, maxAttachmentBytes: max }: ServedMethod['definition'],
  bytes: number,
): void {
  if (bytes <= max) return
  throw new P2pError(
    'P2P_LIMIT_EXCEEDED',
    `A message of ${name} has ${bytes} bytes of attachments; at most ${max} are taken.`,
    { details: { limit: 'maxAttachmentBytes', bytes, max } },
  )
}

/** @throws P2pError `P2P_MALFORMED` for a body that the method's codec cannot read */
export function decodeRequest({ name, request }: ServedMethod['definition'], body: Uint8Array): unknown {
  try {
    return request.decode(body)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new P2pError('P2P_MALFORMED', `A message of ${name} cannot be decoded.`, {
      details: { method: name, reason },
      cause,
    })
  }
}
