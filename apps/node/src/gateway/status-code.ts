import { errorCode } from '@neurovoyance/protocol'

const BY_CODE: Readonly<Record<string, number>> = {
  NODE_BAD_REQUEST: 400,
  NODE_UNAUTHORIZED: 401,
  NODE_GATEWAY_BUSY: 503,
  NODE_MODEL_UNKNOWN: 404,
  CLIENT_MODEL_AMBIGUOUS: 409,
  CLIENT_PAYMENT_REQUIRED: 402,
  NODE_MODEL_SOURCE: 400,
  NODE_HUB_NOT_FOUND: 404,
  NODE_HUB_UNREACHABLE: 502,
  P2P_DISK_FULL: 507,
  CLIENT_MODEL_UNKNOWN: 404,
  CLIENT_NO_NETWORK: 503,
  SCHEDULER_NO_NODE: 503,
  SCHEDULER_ALL_ATTEMPTS_FAILED: 502,
  RUNTIME_QUEUE_FULL: 429,
  RUNTIME_OUT_OF_MEMORY: 507,
  NODE_NO_CHAIN: 404,
  LEDGER_NOT_FOUND: 404,
  LEDGER_MODULE_FAULT: 500,
  LEDGER_SUPPLY_BROKEN: 500,
  FST_ERR_CTP_BODY_TOO_LARGE: 413,
}

/** The HTTP status that an error of any layer is answered with. */
export function httpStatus(error: unknown): number {
  const code = errorCode(error) ?? ''
  const known = BY_CODE[code]
  if (known !== undefined) return known
  if (code.includes('DEADLINE')) return 504
  if (/^(LEDGER_|ONNX_|PROTOCOL_|CLIENT_INPUT_|CLIENT_OUTPUT_|CLIENT_INVALID_)/.test(code)) return 400
  const status = (error as { statusCode?: unknown }).statusCode
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}
