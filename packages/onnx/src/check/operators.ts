/**
 * Operators of known sets that a node does not run, with the reason that its error gives. ONNX Runtime's
 * schemas of com.microsoft hold all of these, whichever of them a build can run.
 */
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ...reasoned('loads a compiled blob, from the model or from a file that it names', ['EPContext', 'Snpe']),
  ...reasoned('calls into Python or PyTorch', [
    'PythonOp',
    'PythonOpGrad',
    'ATen',
    'Triton',
    'TritonOp',
    'TorchScript',
  ]),
  ...reasoned('waits for or talks to other processes', [
    'Send',
    'Recv',
    'WaitEvent',
    'RecordEvent',
    'YieldOp',
    'AdasumAllReduce',
    'AllGather',
    'AllReduce',
    'AllToAll',
    'NcclAllGather',
    'NcclAllReduce',
    'NcclReduceScatter',
    'ShardedMoE',
  ]),
])

/** Why an operator of a known set is refused; `undefined` where it is not. */
export function whyForbidden(domain: string, operator: string): string | undefined {
  if (domain !== 'com.microsoft') return undefined
  if (operator.startsWith('Distributed')) return 'waits for or talks to other processes'
  return FORBIDDEN.get(operator)
}

function reasoned(reason: string, operators: readonly string[]): readonly (readonly [string, string])[] {
  return operators.map(operator => [operator, reason] as const)
}
