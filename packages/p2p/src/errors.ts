import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that this package throws. */
export type P2pErrorCode =
  // hosts
  | 'P2P_INVALID_INIT'
  | 'P2P_PORT_TAKEN'
  | 'P2P_IDENTITY_PERMISSIONS'
  | 'P2P_IDENTITY_MALFORMED'
  | 'P2P_IDENTITY_UNREADABLE'
  | 'P2P_SWARM_KEY_MALFORMED'
  | 'P2P_SWARM_STRANGER'
  | 'P2P_TRANSPORT_UNAVAILABLE'
  | 'P2P_PEER_UNREACHABLE'
  | 'P2P_HOST_CLOSED'
  | 'P2P_MESSAGE_TOO_LARGE'
  // rpc
  | 'P2P_DEADLINE_EXCEEDED'
  | 'P2P_CANCELLED'
  | 'P2P_STREAM_RESET'
  | 'P2P_UNSUPPORTED_SERVICE'
  | 'P2P_UNSUPPORTED_METHOD'
  | 'P2P_LIMIT_EXCEEDED'
  | 'P2P_MALFORMED'
  | 'P2P_REMOTE_INTERNAL'
  // artifacts
  | 'P2P_ARTIFACT_NOT_FOUND'
  | 'P2P_ARTIFACT_CORRUPT'
  | 'P2P_ARTIFACT_UNSUPPORTED'
  | 'P2P_DISK_FULL'

/** An error of the network: hosts, connections, remote procedures, artifacts. */
export class P2pError extends NeurovoyanceError<P2pErrorCode> {
  override name = 'P2pError'
}
