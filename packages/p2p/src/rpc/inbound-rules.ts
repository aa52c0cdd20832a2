import type { Frame, NeurovoyanceError } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { Penalty } from './conduct.js'
import type { ServedMethod, ServedMethods } from './served-method.js'

/** The call that a stream is in the middle of. */
export interface CurrentCall {
  callId: number
  method: ServedMethod
  /** Whether more messages of the caller may come. */
  takesMessages: boolean
}

/**
 * The method that a frame belongs to while a call is running.
 *
 * @throws P2pError `P2P_MALFORMED` where no such frame may come now
 */
export function methodOfRunning(head: Frame, current: CurrentCall): ServedMethod {
  if (head.callId !== current.callId) throw broken('a frame came while the call before it was running')
  const ofStream = head.kind === 'message' || head.kind === 'end'
  if (head.kind === 'cancel' || (ofStream && current.takesMessages)) return current.method
  throw broken(`a frame of kind ${head.kind} has no place in the call`)
}

/**
 * The method that a frame calls on a stream without a call.
 *
 * @throws P2pError `P2P_MALFORMED` for a frame that starts none, `P2P_UNSUPPORTED_METHOD` for a method nobody serves
 */
export function methodOfNew(
  head: Frame,
  attachmentBytes: number,
  methods: ServedMethods,
  protocol: string,
): ServedMethod {
  if (head.kind !== 'call') throw broken('a stream began with a frame that starts no call')
  const method = methods.get(head.method)
  if (method === undefined) {
    throw new P2pError('P2P_UNSUPPORTED_METHOD', `This peer has no method "${head.method}" in ${protocol}.`, {
      details: { method: head.method, protocol },
    })
  }
  if (method.definition.kind === 'duplex' && head.body.length + attachmentBytes > 0) {
    throw broken('a both-way stream was opened with a message')
  }
  return method
}

/** What an error says about the peer; nothing where it may be honest. */
export function penaltyFor(error: NeurovoyanceError): Penalty | undefined {
  if (error.code === 'PROTOCOL_TOO_LARGE') return 'tooLarge'
  if (error.code === 'P2P_STREAM_RESET') return 'stalled'
  if (error.code === 'P2P_MALFORMED' || error.code.startsWith('PROTOCOL_')) return 'malformed'
  return undefined
}

function broken(what: string): P2pError {
  return new P2pError('P2P_MALFORMED', `The peer broke the protocol: ${what}.`, { details: { what } })
}
