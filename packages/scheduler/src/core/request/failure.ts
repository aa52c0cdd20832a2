/** What is to be done about a failed attempt. */
export type Remedy =
  /** The request itself is wrong: every node would say the same. */
  | 'give-up'
  /** The model is wrong, or this node: the next one that says the same settles it. */
  | 'second-opinion'
  /** Another node may do it. */
  | 'elsewhere'
  /** The node is busy: another one now, or this one later. */
  | 'later'

/** How a failure is judged. */
export interface Verdict {
  remedy: Remedy
  /** Weight of the penalty; 1 keeps the node out for a while, less makes it less likely. */
  penalty: number
  /** Whether the penalty concerns the model on that node, or the node as a whole. */
  scope: 'model' | 'peer'
  /** Whether the node cannot be reached at all, so that its offer is a ghost. */
  unreachable: boolean
  /** Whether nothing came back: a stranger that is silent may be nobody. */
  silent: boolean
}

const verdict = (
  remedy: Remedy,
  penalty: number,
  scope: Verdict['scope'] = 'peer',
  { unreachable = false, silent = unreachable }: { unreachable?: boolean; silent?: boolean } = {},
): Verdict => ({
  remedy,
  penalty,
  scope,
  unreachable,
  silent,
})

const GIVE_UP = verdict('give-up', 0)
const SECOND_OPINION = verdict('second-opinion', 1, 'model')

/** Failures by code; what is not listed is judged by its prefix. */
const BY_CODE: Readonly<Record<string, Verdict>> = Object.freeze({
  RUNTIME_MODEL_FAILED: GIVE_UP,
  RUNTIME_LOAD_FAILED: SECOND_OPINION,
  RUNTIME_UNSUPPORTED_TYPE: SECOND_OPINION,
  RUNTIME_QUEUE_FULL: verdict('later', 0.25),
  RUNTIME_OUT_OF_MEMORY: verdict('elsewhere', 1.5, 'model'),
  RUNTIME_CHILD_CRASHED: verdict('elsewhere', 0.75, 'model'),
  RUNTIME_DEADLINE_EXCEEDED: verdict('elsewhere', 0.75, 'model'),
  RUNTIME_CANCELLED: verdict('elsewhere', 0.5),
  // The client and the node count differently: both are in order, and the client settles it by itself.
  NODE_PAYMENT_REQUIRED: verdict('elsewhere', 0.25),
  NODE_PAYMENT_REFUSED: verdict('elsewhere', 0.25),
  // Nothing was sent: the client's own limits.
  CLIENT_BUDGET_SPENT: verdict('elsewhere', 0),
  CLIENT_PAYEE_DISTRUSTED: verdict('elsewhere', 1.5),
  NODE_MODEL_UNKNOWN: verdict('elsewhere', 4, 'model'),
  P2P_PEER_UNREACHABLE: verdict('elsewhere', 2, 'peer', { unreachable: true }),
  P2P_STREAM_RESET: verdict('elsewhere', 1.2),
  P2P_DEADLINE_EXCEEDED: verdict('elsewhere', 1.5, 'peer', { silent: true }),
  P2P_CANCELLED: verdict('elsewhere', 0.5),
  P2P_UNSUPPORTED_SERVICE: verdict('elsewhere', 4),
  P2P_LIMIT_EXCEEDED: verdict('elsewhere', 0.5, 'model'),
})

const ANYTHING_ELSE = verdict('elsewhere', 1)

/**
 * Judges a failure by its error code. `ONNX_INPUT_…` and a model that fails by itself are the caller's;
 * bytes that do not parse or verify (`PROTOCOL_…`) are a serious fault of the node.
 */
export function judge(code: string | undefined): Verdict {
  if (code === undefined) return ANYTHING_ELSE
  const listed = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined
  if (listed !== undefined) return listed
  if (code.startsWith('ONNX_INPUT_')) return GIVE_UP
  if (code.startsWith('PROTOCOL_')) return verdict('elsewhere', 4)
  if (code.startsWith('ONNX_')) return verdict('elsewhere', 2, 'model')
  return ANYTHING_ELSE
}

/** An attempt that did not answer in its time. */
export const TIMED_OUT: Verdict = Object.freeze(verdict('elsewhere', 1.5, 'peer', { silent: true }))
