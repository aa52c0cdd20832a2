import { Evidence } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { judgeAmnesia } from './amnesia.js'
import { judgeDoubleVote } from './double-vote.js'
import { type EvidenceContext, type Fault, unproved } from './fault.js'
import { judgeLunatic } from './lunatic.js'

/** Who may say that a validator is at fault: anybody who shows the votes, or the engine on its word. */
export type Accusers = 'anybody' | 'engine'

/**
 * What evidence proves.
 *
 * @throws ProtocolError for bytes that are none
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`
 */
export function judge(context: EvidenceContext, bytes: Uint8Array, accusers: Accusers = 'anybody'): Fault {
  const { doubleVote, amnesia, lunatic, reported } = Evidence.decode(bytes)
  if ([doubleVote, amnesia, lunatic, reported].filter(part => part !== undefined).length !== 1) {
    throw unproved('it is not one accusation')
  }
  if (doubleVote !== undefined) return judgeDoubleVote(context, doubleVote)
  if (amnesia !== undefined) return judgeAmnesia(context, amnesia)
  if (lunatic !== undefined) return judgeLunatic(context, lunatic)
  if (accusers !== 'engine') throw unproved('this ledger takes nobody’s word')
  const { validator, height } = reported!
  return { kind: reported!.lunatic ? 'lunatic' : 'doubleVote', validator: idOf(validator), height }
}
