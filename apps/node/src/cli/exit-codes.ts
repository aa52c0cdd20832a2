import { errorCode } from '@neurovoyance/protocol'

/** Exit codes of `nv`, for scripts. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** Anything else. */
  failure: 1,
  /** The command line, a file or a setting that it names, or an input is not what is wanted: change it. */
  usage: 2,
  /** No node, network, hub or chain is there to do it: start one, or come back later. */
  notRunning: 3,
  /** What is named is not there. */
  notFound: 4,
  /** It was not done in time. */
  timeout: 5,
  /** The model is there, and cannot or must not be run. */
  refused: 6,
  /** Ended by Ctrl-C or a signal. */
  interrupted: 130,
} as const

const BY_EXIT: readonly (readonly [exit: number, codes: readonly string[]])[] = [
  [
    EXIT.usage,
    [
      'NODE_USAGE',
      'NODE_WALLET_TAKEN',
      'NODE_FOLDER',
      'NODE_BAD_REQUEST',
      'NODE_CONFIG_INVALID',
      'NODE_MODEL_SOURCE',
      'NODE_INPUT_FILE',
      'NODE_OUTPUT_FILE',
      'NODE_GENESIS',
      'NODE_PASSPHRASE',
      'CLIENT_INVALID_INIT',
      'CLIENT_INVALID_ARGUMENT',
      'CLIENT_MODEL_AMBIGUOUS',
      'CLIENT_BUDGET_SPENT',
      'CLIENT_PAYMENT_REQUIRED',
      'CLIENT_TOO_DEAR',
      'CLIENT_WRONG_PASSWORD',
      'CLIENT_WEAK_PASSWORD',
      'CLIENT_BAD_PHRASE',
      'P2P_INVALID_INIT',
      'P2P_SWARM_KEY_MALFORMED',
      'RUNTIME_OUTPUT_UNKNOWN',
      'PROTOCOL_BAD_ID',
      'LEDGER_ABCI_BAD_ADDRESS',
      'LEDGER_BAD_GENESIS',
      'LEDGER_BAD_PARAMETERS',
      'LEDGER_INSUFFICIENT_FUNDS',
      'LEDGER_TOO_LARGE',
      'LEDGER_TOO_SMALL',
    ],
  ],
  [
    EXIT.notRunning,
    [
      'NODE_NOT_RUNNING',
      'NODE_GATEWAY_UNREACHABLE',
      'NODE_HUB_UNREACHABLE',
      'NODE_NO_CHAIN',
      'CLIENT_NO_NETWORK',
      'CLIENT_NO_CHAIN',
      'P2P_PEER_UNREACHABLE',
      'SCHEDULER_NO_NODE',
    ],
  ],
  [
    EXIT.notFound,
    [
      'NODE_MODEL_UNKNOWN',
      'NODE_HUB_NOT_FOUND',
      'NODE_WALLET',
      'NODE_KEY_MISSING',
      'CLIENT_MODEL_UNKNOWN',
      'LEDGER_NOT_FOUND',
      'ONNX_MODEL_UNKNOWN',
      'P2P_ARTIFACT_NOT_FOUND',
    ],
  ],
  [EXIT.timeout, ['CLIENT_TRANSACTION_EXPIRED', 'LEDGER_EXPIRED']],
  [EXIT.refused, ['RUNTIME_LOAD_FAILED', 'RUNTIME_UNSUPPORTED_TYPE']],
  // The disk's fault, not the model's.
  [EXIT.failure, ['ONNX_READ_FAILED']],
]

const BY_CODE = new Map(BY_EXIT.flatMap(([exit, codes]) => codes.map(code => [code, exit] as const)))

/** The exit code for an error of any layer. */
export function exitCodeOf(error: unknown): number {
  const code = errorCode(error) ?? ''
  const known = BY_CODE.get(code)
  if (known !== undefined) return known
  if (code.includes('DEADLINE')) return EXIT.timeout
  if (/^(CLIENT_INPUT_|CLIENT_OUTPUT_|ONNX_INPUT_)/.test(code)) return EXIT.usage
  if (code.startsWith('ONNX_')) return EXIT.refused
  return EXIT.failure
}
