import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that the reference node throws. */
export type NodeErrorCode =
  | 'NODE_SERVICE_ORDER'
  | 'NODE_CONFIG_INVALID'
  | 'NODE_STATE_DAMAGED'
  | 'NODE_HOME_IN_USE'
  | 'NODE_NOT_RUNNING'
  | 'NODE_ALREADY_RUNNING'
  | 'NODE_GATEWAY_UNREACHABLE'
  | 'NODE_UNAUTHORIZED'
  | 'NODE_PORT_TAKEN'
  | 'NODE_MODEL_UNKNOWN'
  | 'NODE_MODEL_SOURCE'
  | 'NODE_HUB_UNREACHABLE'
  | 'NODE_HUB_NOT_FOUND'
  | 'NODE_INPUT_FILE'
  | 'NODE_OUTPUT_FILE'
  | 'NODE_USAGE'
  | 'NODE_HIVE_FAILED'
  | 'NODE_BAD_REQUEST'
  | 'NODE_GATEWAY_BUSY'
  | 'NODE_PAYMENT_REQUIRED'
  | 'NODE_PAYMENT_REFUSED'
  | 'NODE_GENESIS'
  | 'NODE_NO_CHAIN'
  | 'NODE_UNPROVEN'
  | 'NODE_KEY_MISSING'
  | 'NODE_KEY_PERMISSIONS'
  | 'NODE_KEY_DAMAGED'
  | 'NODE_WALLET'
  | 'NODE_WALLET_TAKEN'
  | 'NODE_PASSPHRASE'

/** An error of the reference node: its configuration, home folder, gateway, files or command line. */
export class NodeError extends NeurovoyanceError<NodeErrorCode> {
  override name = 'NodeError'
}
