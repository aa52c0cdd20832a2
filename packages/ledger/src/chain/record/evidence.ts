import { KeptEvidence } from '@neurovoyance/protocol'
import { type LedgerStore, recordWrite, type Write } from '../../store/index.js'

/** Under which name a store has faults that no block has yet. */
const EVIDENCE_RECORD = 'evidence'

/** What a node keeps of faults that it saw; nothing where there are none. */
export const evidenceWrite = (pieces: readonly Uint8Array[]): Write =>
  recordWrite(EVIDENCE_RECORD, pieces.length === 0 ? undefined : KeptEvidence.encode({ pieces: [...pieces] }))

/** What it kept before it was stopped. */
export function readEvidence(store: Pick<LedgerStore, 'record'>): readonly Uint8Array[] {
  const bytes = store.record(EVIDENCE_RECORD)
  return bytes === undefined ? [] : KeptEvidence.decode(bytes).pieces
}
