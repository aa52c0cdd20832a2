import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that the client itself throws; errors of a node come with that node's code. */
export type ClientErrorCode =
  | 'CLIENT_INVALID_INIT'
  | 'CLIENT_INVALID_ARGUMENT'
  | 'CLIENT_NO_NETWORK'
  | 'CLIENT_MODEL_UNKNOWN'
  | 'CLIENT_MODEL_AMBIGUOUS'
  | 'CLIENT_MODEL_NOT_HOSTED'
  | 'CLIENT_INPUT_MISSING'
  | 'CLIENT_INPUT_UNKNOWN'
  | 'CLIENT_INPUT_TYPE'
  | 'CLIENT_INPUT_SHAPE'
  | 'CLIENT_OUTPUT_UNKNOWN'
  | 'CLIENT_CANCELLED'
  | 'CLIENT_BAD_RESPONSE'
  | 'CLIENT_UNSUPPORTED'
  | 'CLIENT_CLOSED'
  | 'CLIENT_NO_CHAIN'
  | 'CLIENT_TRANSACTION_REFUSED'
  | 'CLIENT_TRANSACTION_FAILED'
  | 'CLIENT_TRANSACTION_EXPIRED'
  | 'CLIENT_TRANSACTION_REPLACED'
  | 'CLIENT_TRANSACTION_UNKNOWN'
  | 'CLIENT_BAD_PHRASE'
  | 'CLIENT_BAD_KEYSTORE'
  | 'CLIENT_WEAK_PASSWORD'
  | 'CLIENT_WRONG_PASSWORD'
  | 'CLIENT_BUDGET_SPENT'
  | 'CLIENT_TOO_DEAR'
  | 'CLIENT_PAYEE_DISTRUSTED'
  | 'CLIENT_PAYMENT_FAILED'

/** An error of the client: its arguments, its connection to the network, or a request that no node could meet. */
export class ClientError extends NeurovoyanceError<ClientErrorCode> {
  override name = 'ClientError'
}
