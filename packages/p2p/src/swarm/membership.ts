import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { type Logger, MembershipService, type Random } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { transportName } from '../transport-name.js'
import { MEMBERSHIP_PROTOCOL, membershipCall } from './membership-call.js'
import { makeProof, proofHolds, proofKey } from './membership-proof.js'

/** What membership is checked with. */
export interface MembershipInit {
  /** The swarm's pre-shared key, 32 bytes. */
  swarmKey: Uint8Array
  random: Random
  logger: Logger
}

/** Keeps strangers out on the transports that a pre-shared key does not guard. */
export interface Membership {
  /** Resolves once a connection's other end is a member; nothing to wait for where the key guards the transport. */
  admit(connection: Connection, stream: Stream): Promise<void> | undefined
  /** The same, for whatever asks apart from a stream. */
  admission(connection: Connection): Promise<void> | undefined
  /** Answers and proves on a libp2p node that has not started; returns a function that ends it. */
  start(libp2p: Libp2p): Promise<() => void>
}

const NONCE_BYTES = 32
/** A connection whose other end has proven nothing by then is cut. */
const TIMEOUT_MS = 5_000

/** Whether the pre-shared key leaves a connection open to strangers. WebRTC is signalled over one that it guards. */
function isUnguarded({ remoteAddr }: Connection): boolean {
  const transport = transportName(remoteAddr)
  return transport === 'quic' || transport === 'webrtc-direct'
}

/**
 * Membership of a private swarm: `MembershipService.Prove` on every connection that the key does not guard, before
 * any other stream is let through, either way.
 */
export function createMembership({ swarmKey, random, logger }: MembershipInit): Membership {
  const key = proofKey(swarmKey)
  const gates = new WeakMap<Connection, PromiseWithResolvers<void>>()

  const refuse = (connection: Connection, cause?: unknown): void => {
    const peerId = connection.remotePeer.toString()
    const error = new P2pError(
      'P2P_SWARM_STRANGER',
      `${peerId} has not proven that it belongs to this swarm`,
      {
        details: { peerId },
        cause,
      },
    )
    logger.warn({ peerId }, 'stranger refused by the private swarm')
    gateOf(connection).reject(error)
    connection.abort(error)
  }

  const gateOf = (connection: Connection): PromiseWithResolvers<void> => {
    const known = gates.get(connection)
    if (known !== undefined) return known
    const gate = Promise.withResolvers<void>()
    gate.promise.catch(() => {})
    gates.set(connection, gate)
    const expired = AbortSignal.timeout(TIMEOUT_MS)
    const onExpiry = (): void => refuse(connection, expired.reason)
    expired.addEventListener('abort', onExpiry)
    gate.promise.finally(() => expired.removeEventListener('abort', onExpiry)).catch(() => {})
    return gate
  }

  const prove = async (caller: string, connection: Connection): Promise<void> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const call = membershipCall(await connection.newStream(MEMBERSHIP_PROTOCOL, { signal }), signal)
    const statement = {
      caller,
      answerer: connection.remotePeer.toString(),
      callerNonce: random.bytes(NONCE_BYTES),
    }
    const { request, response, name } = MembershipService.methods.Prove
    const body = request.encode({ nonce: statement.callerNonce, proof: makeProof(key, statement) })
    await call.send({ kind: 'call', method: name, body })
    const { nonce, proof } = response.decode((await call.receive('reply')).body)
    await call.close()
    if (nonce.byteLength !== NONCE_BYTES || !proofHolds(key, { ...statement, answererNonce: nonce }, proof)) {
      throw new P2pError('P2P_SWARM_STRANGER', 'the answer is not a proof')
    }
  }

  const answer = async (answerer: string, stream: Stream, connection: Connection): Promise<void> => {
    const call = membershipCall(stream, AbortSignal.timeout(TIMEOUT_MS))
    const { request, response } = MembershipService.methods.Prove
    const { body, callId } = await call.receive('call')
    const { nonce, proof } = request.decode(body)
    const statement = { caller: connection.remotePeer.toString(), answerer, callerNonce: nonce }
    if (nonce.byteLength !== NONCE_BYTES || !proofHolds(key, statement, proof)) {
      throw new P2pError('P2P_SWARM_STRANGER', 'the call is not a proof')
    }
    const answererNonce = random.bytes(NONCE_BYTES)
    const own = makeProof(key, { ...statement, answererNonce })
    await call.send({ kind: 'reply', callId, body: response.encode({ nonce: answererNonce, proof: own }) })
    gateOf(connection).resolve()
    await call.close()
  }

  const admission = (connection: Connection): Promise<void> | undefined =>
    isUnguarded(connection) ? gateOf(connection).promise : undefined

  return {
    admission,
    admit: (connection, stream) =>
      stream.protocol === MEMBERSHIP_PROTOCOL ? undefined : admission(connection),
    async start(libp2p) {
      const self = libp2p.peerId.toString()
      await libp2p.handle(MEMBERSHIP_PROTOCOL, (stream, connection) => {
        answer(self, stream, connection).catch(error => refuse(connection, error))
      })
      const onOpen = ({ detail: connection }: CustomEvent<Connection>): void => {
        if (!isUnguarded(connection)) return
        const gate = gateOf(connection)
        // whoever dialled proves first
        if (connection.direction === 'outbound') {
          prove(self, connection).then(gate.resolve, error => refuse(connection, error))
        }
      }
      libp2p.addEventListener('connection:open', onOpen)
      return () => libp2p.removeEventListener('connection:open', onOpen)
    },
  }
}
