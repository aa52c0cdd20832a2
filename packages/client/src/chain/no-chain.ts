import { errorCode } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { ChainName } from './trust/store.js'

/** What came of asking one peer, where it was no answer that could be used. */
export interface Failure {
  readonly node: string
  readonly code: string | undefined
  readonly message: string
}

/** What an error says of the node that was asked. */
export const failureOf = (node: string, error: unknown): Failure => ({
  node,
  code: errorCode(error),
  message: error instanceof Error ? error.message : String(error),
})

/** No node could be asked, or none answered. */
interface NoChainDetails {
  readonly chainId: string
  readonly attempts: readonly Failure[]
  /** Whether it may be otherwise in a while: nobody is connected yet, or somebody did not answer at all. */
  readonly silent: boolean
}

/** What a peer is to say again at any other time: that it does not know the service, or that this host is closed. */
const LASTING: ReadonlySet<string> = new Set([
  'P2P_UNSUPPORTED_SERVICE',
  'P2P_UNSUPPORTED_METHOD',
  'P2P_HOST_CLOSED',
])

/** Whether a failure is that nothing came: a call that was too late, a connection that broke, a node with no time. */
const isSilence = ({ code = '' }: Failure): boolean =>
  code === 'LEDGER_BUSY' || (code.startsWith('P2P_') && !LASTING.has(code))

/** None of the peers keeps the chain, as far as they answered. */
export function noNode({ chainId, genesis }: ChainName, attempts: readonly Failure[]): ClientError {
  const peers = attempts.length
  const mute = attempts.filter(isSilence)
  const details = { chainId, genesis, peers, attempts, silent: peers === 0 || mute.length > 0 }
  return new ClientError('CLIENT_NO_CHAIN', whyNoNode(), { details: details satisfies NoChainDetails })

  function whyNoNode(): string {
    if (peers === 0) return 'no peer is connected: connect to the network first'
    const wanted = `the chain ${chainId} with genesis ${genesis.slice(0, 16)}…`
    if (mute.length === 0)
      return `none of ${peers} connected peers keeps ${wanted}: check the genesis, or connect to a node of that chain`
    return `${mute.length} of ${peers} connected peers did not answer, and no other keeps ${wanted}: ${mute[0]!.message}`
  }
}

/** None of the nodes could answer; `behind` of them have not come as far as was read before. */
export function noAnswer(
  { chainId }: ChainName,
  attempts: readonly Failure[],
  behind: number,
  cause: unknown,
): ClientError {
  const why = attempts.at(-1)?.message ?? `${behind} are behind what was read before`
  const details = { chainId, attempts, behind, silent: attempts.some(isSilence) }
  return new ClientError('CLIENT_NO_CHAIN', `no node of chain ${chainId} could answer: ${why}`, {
    details: details satisfies NoChainDetails,
    cause,
  })
}

/** Whether nobody answered, so that asking again may help. */
export const isNobody = (error: unknown): error is ClientError =>
  error instanceof ClientError && error.code === 'CLIENT_NO_CHAIN' && error.details.silent === true
