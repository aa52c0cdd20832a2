/**
 * Evidence: faults that anybody can check are punished, once, and before coins that stood behind them are back.
 *
 * Evidence comes with blocks. What proves nothing, is too old or is known does nothing but emit `evidence/refused`,
 * and what comes after it in the block is not looked at: honest proposers put only what `checkEvidenceOf` lets
 * through into a block, one piece for a validator, and nobody has to vote for another block.
 *
 * @module
 */
import { errorCode } from '@neurovoyance/protocol'
import type { BlockContext } from '../../machine/context.js'
import type { LedgerModule } from '../../machine/module.js'
import type { Fault } from './fault.js'
import { type Accusers, judge } from './judge.js'
import { checkEvidence, evidenceParameters } from './parameters.js'
import { punish, punishable } from './punish.js'

/**
 * What a piece of evidence proves that can be punished now.
 *
 * @throws ProtocolError for bytes that are none
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`, `LEDGER_NOT_FOUND`, `LEDGER_EXPIRED`, `LEDGER_CONFLICT`
 */
export function checkEvidenceOf(
  context: Pick<BlockContext, 'draft' | 'chainId' | 'verify' | 'parameters' | 'timeMs' | 'height'>,
  bytes: Uint8Array,
  accusers: Accusers = 'anybody',
): Fault {
  const fault = judge(context, bytes, accusers)
  punishable(context, fault)
  return fault
}

/** Event of a block whose evidence is not what an honest proposer would have put into it. */
export const EVIDENCE_REFUSED = 'evidence/refused'

/** Rules about evidence, by whose word they believe. */
export function createEvidenceModule(accusers: Accusers): LedgerModule {
  return {
    name: 'evidence',
    parameters: evidenceParameters,
    checkParameters: checkEvidence,
    beginBlock(context) {
      for (const bytes of context.evidence) {
        try {
          punish(context, judge(context, bytes, accusers))
        } catch (error) {
          const code = errorCode(error)
          if (code === undefined) throw error
          context.emit({ kind: EVIDENCE_REFUSED, accounts: [], fields: { code } })
          return
        }
      }
    },
  }
}

/** Evidence for the embedded engine: votes or headers, never somebody's word. */
export const evidenceModule: LedgerModule = createEvidenceModule('anybody')
