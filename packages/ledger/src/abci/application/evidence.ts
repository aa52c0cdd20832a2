import { Evidence, errorCode } from '@neurovoyance/protocol'
import { type Id, idOf } from '../../core/hex.js'
import type { BlockContext } from '../../core/machine/context.js'
import { checkEvidenceOf } from '../../core/modules/evidence/index.js'
import type { Misbehavior } from '../messages/common.js'
import { keyAt } from './validators.js'

type EvidenceContext = Pick<BlockContext, 'draft' | 'chainId' | 'verify' | 'parameters' | 'timeMs' | 'height'>

/**
 * What CometBFT says of validators, as evidence for the ledger. It names them by address and shows no votes; its word
 * is taken, since a block with such a report is valid to CometBFT only where it has checked the votes. Reports of what
 * the ledger cannot punish (too old, punished before, nobody it knows) are left out: nobody can refuse a block for
 * them. Amnesia is not among the reports: only the embedded engine's votes can show it.
 */
export function evidenceOf(context: EvidenceContext, reports: readonly Misbehavior[]): Uint8Array[] {
  const accused = new Set<Id>()
  const evidence: Uint8Array[] = []
  for (const { type, validator, height } of reports) {
    if (type === 'unknown' || validator === undefined) continue
    const publicKey = keyAt(context.draft, height, validator.address)
    if (publicKey === undefined || accused.has(idOf(publicKey))) continue
    const reported = { validator: publicKey, height, lunatic: type === 'lightClientAttack' }
    const bytes = Evidence.encode({ reported })
    if (!isPunishable(context, bytes)) continue
    accused.add(idOf(publicKey))
    evidence.push(bytes)
  }
  return evidence
}

function isPunishable(context: EvidenceContext, bytes: Uint8Array): boolean {
  try {
    checkEvidenceOf(context, bytes, 'engine')
    return true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return false
  }
}
