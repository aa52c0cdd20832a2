import type { Stream } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import {
  decodeFrame,
  encodeFrame,
  FRAME_PREFIX_BYTES,
  type Frame,
  frameBytes,
  LIMITS,
  MembershipService,
} from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'

/** The protocol id of the membership service. */
export const MEMBERSHIP_PROTOCOL = `/neurovoyance/${MembershipService.name}/${MembershipService.version}`

/**
 * The one call of the membership service, in RPC's frames but on a stream of the very connection that it is about:
 * RPC itself takes whichever connection is best, and waits for this call.
 */
export interface MembershipCall {
  send(frame: Pick<Frame, 'kind' | 'body'> & { method?: string; callId?: number }): Promise<void>
  /** @throws P2pError `P2P_MALFORMED` when another kind of frame comes */
  receive(kind: Frame['kind']): Promise<Frame>
  close(): Promise<void>
}

/** The membership call on an open stream. */
export function membershipCall(stream: Stream, signal: AbortSignal): MembershipCall {
  const bytes = byteStream(stream)
  return {
    send: ({ kind, body, method = '', callId = 1 }) =>
      bytes.write(encodeFrame({ kind, body, method, callId }), { signal }),
    async receive(kind) {
      const prefix = (await bytes.read({ bytes: FRAME_PREFIX_BYTES, signal })).subarray()
      const size = membershipFrameBytes(prefix)
      const rest = await bytes.read({ bytes: size - FRAME_PREFIX_BYTES, signal })
      const whole = new Uint8Array(size)
      whole.set(prefix)
      whole.set(rest.subarray(), FRAME_PREFIX_BYTES)
      return readMembershipFrame(whole, kind)
    },
    close: () => stream.close({ signal }),
  }
}

/**
 * The size of the frame that a prefix begins.
 *
 * @throws P2pError `P2P_MALFORMED` for one larger than any of this call, ProtocolError where it is none
 */
function membershipFrameBytes(prefix: Uint8Array): number {
  const size = frameBytes(prefix)
  if (size > LIMITS.smallMessageBytes) throw malformed(`a frame of ${size} bytes`)
  return size
}

/**
 * Reads one whole frame of the call.
 *
 * @throws P2pError `P2P_MALFORMED` when it is of another kind, ProtocolError where it is no frame
 */
export function readMembershipFrame(whole: Uint8Array, kind: Frame['kind']): Frame {
  const frame = decodeFrame(whole)
  if (frame.kind !== kind) throw malformed(`a frame of kind ${frame.kind}`)
  return frame
}

function malformed(what: string): P2pError {
  return new P2pError('P2P_MALFORMED', `a peer sent ${what} in the membership handshake`)
}
