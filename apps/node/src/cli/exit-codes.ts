import { errorCode } from '@neurovoyance/protocol'

/** Exit codes of `nv`, for scripts. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notRunning: 3,
  notFound: 4,
  timeout: 5,
  refused: 6,
  interrupted: 130,
} as const

const BY_CODE: Readonly<Record<string, number>> = {
  NODE_USAGE: EXIT.usage,
  NODE_CONFIG_INVALID: EXIT.usage,
  NODE_MODEL_SOURCE: EXIT.usage,
  NODE_INPUT_FILE: EXIT.usage,
  NODE_NOT_RUNNING: EXIT.notRunning,
  NODE_GATEWAY_UNREACHABLE: EXIT.notRunning,
  NODE_HUB_UNREACHABLE: EXIT.notRunning,
  CLIENT_NO_NETWORK: EXIT.notRunning,
  SCHEDULER_NO_NODE: EXIT.notRunning,
  NODE_MODEL_UNKNOWN: EXIT.notFound,
  NODE_HUB_NOT_FOUND: EXIT.notFound,
  CLIENT_MODEL_UNKNOWN: EXIT.notFound,
  NODE_GENESIS: EXIT.usage,
  NODE_PASSPHRASE: EXIT.usage,
  CLIENT_WRONG_PASSWORD: EXIT.usage,
  CLIENT_WEAK_PASSWORD: EXIT.usage,
  CLIENT_BAD_PHRASE: EXIT.usage,
  NODE_NO_CHAIN: EXIT.notRunning,
  NODE_WALLET: EXIT.notFound,
  NODE_KEY_MISSING: EXIT.notFound,
  LEDGER_NOT_FOUND: EXIT.notFound,
  LEDGER_EXPIRED: EXIT.timeout,
}

/** The exit code for an error of any layer. */
export function exitCodeOf(error: unknown): number {
  const code = errorCode(error) ?? ''
  const known = BY_CODE[code]
  if (known !== undefined) return known
  if (code.includes('DEADLINE')) return EXIT.timeout
  if (/^(CLIENT_INPUT_|CLIENT_OUTPUT_|ONNX_INPUT_)/.test(code)) return EXIT.usage
  if (code.startsWith('ONNX_')) return EXIT.refused
  return EXIT.failure
}
