import { type Clock, LIMITS, type Logger } from '@neurovoyance/protocol'
import type { Commit } from '../../consensus/core/index.js'
import { type AssembledBlock, assembleBlock } from '../../core/block/assemble.js'
import { rulesAt } from '../../core/machine/application.js'
import { takeAdmitted } from '../../core/mempool/choose.js'
import type { Waiting } from '../../core/mempool/line.js'
import { baseFeeOf } from '../../core/modules/fees/fee-market.js'
import { ledgerTime } from '../../core/modules/time/time.js'
import { Draft } from '../../core/state/draft.js'
import type { AppliedChain } from '../applied-chain.js'
import type { TransactionPool } from '../pool/transaction-pool.js'
import { wireCommit } from '../record/commit.js'
import type { BoundedVerifier } from './bounded-verifier.js'
import type { EvidencePool } from './evidence-pool.js'
import type { Executed } from './executed.js'
import { checkOutcome } from './may-follow.js'

/** What a block carries for each transaction beside it, at most: a tag and a length. */
const SLACK = 0.97

/** What proposals are made from. */
export interface ProposeInit {
  readonly chain: AppliedChain
  readonly pool: TransactionPool
  readonly evidence: EvidencePool
  readonly verifier: BoundedVerifier
  readonly proposer: Uint8Array
  readonly blockBytes: number
  readonly blockTransactions: number
  readonly clock: Clock
  readonly logger: Logger
}

/** The next block of this node: what waits, as far as it may happen, after what was found against others. */
export function propose(init: ProposeInit, commit: Commit | undefined): AssembledBlock & Executed {
  const { chain, clock, proposer } = init
  const { head, parameters, beginning } = chain
  const timeMs = ledgerTime(Math.round(clock.now()), head.timeMs, parameters.of('time/heartbeatMs'))
  const draft = new Draft(chain.state)
  const height = head.height + 1
  const { chainId, verify } = rulesAt(chain.machine, draft, height)
  const evidence = init.evidence.select({ draft, chainId, verify, parameters, timeMs, height })
  const chosen = choose(init, baseFeeOf({ draft, parameters }), sizeOf(evidence))
  const { transactions, applied } = execute(init, { timeMs, evidence }, chosen)
  const lastCommit =
    commit === undefined || beginning.lastValidators === undefined
      ? undefined
      : wireCommit(commit, beginning.lastValidators)
  const block = assembleBlock(head, { chainId, timeMs, proposer, transactions, evidence, lastCommit })
  const { header, headerHash } = block
  const open = {
    header,
    headerHash,
    transactions: transactions.map(({ transaction }) => transaction),
    transactionBytes: transactions.map(({ bytes }) => bytes),
    evidence,
    lastCommit,
  }
  return { ...block, open, applied }
}

function choose({ chain, pool, ...init }: ProposeInit, baseFee: bigint, evidenceBytes: number): Waiting[] {
  const fixed = 2 * LIMITS.consensusMessageBytes + evidenceBytes
  return pool.select({
    weight: Number(chain.parameters.of('fees/blockWeight')),
    bytes: Math.max(0, Math.floor((init.blockBytes - fixed) * SLACK)),
    count: init.blockTransactions,
    baseFee,
  })
}

interface Frame {
  readonly timeMs: number
  readonly evidence: readonly Uint8Array[]
}

/**
 * Applies what was chosen, and takes what is let in and quick to judge. Where transactions break the rules' own sums,
 * fewer are tried, until it is clear which does.
 */
function execute(init: ProposeInit, frame: Frame, chosen: readonly Waiting[]) {
  const { chain, pool, proposer, verifier, logger } = init
  for (let some = chosen; ; some = some.slice(0, some.length >> 1)) {
    try {
      const transactions = some.map(({ transaction }) => transaction)
      const all = chain.execute({ ...frame, proposer, transactions, strict: verifier.strict })
      const { taken, applied } = takeAdmitted(pool, some, all)
      checkOutcome(applied, chain.parameters)
      return { transactions: taken, applied }
    } catch (error) {
      if (some.length === 0) throw error
      logger.error({ error, transactions: some.length }, 'transactions break the rules: half of them wait')
      if (some.length === 1) pool.remove(some[0]!.transaction)
    }
  }
}

const sizeOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, { length }) => sum + length + 8, 0)
