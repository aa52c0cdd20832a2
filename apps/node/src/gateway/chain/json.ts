import { bytesOf, idOf, type LedgerEvent } from '@neurovoyance/ledger'
import type { AppliedBlock, ProvenValues, TransactionResult } from '@neurovoyance/ledger/node'
import { formatAddress, Transaction, TransactionBody, type TransactionProof } from '@neurovoyance/protocol'
import { actionFields } from './action-fields.js'
import type {
  BlockJson,
  EventJson,
  InJson,
  ProofJson,
  TransactionJson,
  TransactionProofJson,
} from './shapes.js'

/** An event in JSON. */
export function eventJson({ kind, accounts, fields }: LedgerEvent): EventJson {
  return {
    kind,
    accounts: accounts.map(id => formatAddress(bytesOf(id))),
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'bigint' ? String(value) : value,
      ]),
    ),
  }
}

/** A transaction in JSON. */
export function transactionJson(result: TransactionResult): TransactionJson {
  const { id, height, index, code, message, fee, events, bytes } = result
  const body = TransactionBody.decode(Transaction.decode(bytes).body)
  return {
    id: idOf(id),
    height,
    index,
    ok: height > 0 && code === undefined,
    code: code ?? null,
    message: message ?? null,
    fee: String(fee),
    sender: formatAddress(body.sender),
    nonce: body.nonce,
    memo: body.memo,
    actions: body.actions.map(({ kind, payload }) => {
      const fields = actionFields(kind, payload)
      return { kind, ...(fields && { fields }), payload: idOf(payload) }
    }),
    events: events.map(eventJson),
    bytes: Buffer.from(bytes).toString('base64'),
  }
}

/** What shows what became of a transaction, in JSON. */
export const transactionProofJson = (proof: TransactionProof): TransactionProofJson => ({
  receipt: idOf(proof.receipt),
  receiptSiblings: proof.receiptSiblings.map(idOf),
  transactionSiblings: proof.transactionSiblings.map(idOf),
})

/** A block in JSON. */
export function blockJson(block: AppliedBlock): BlockJson {
  return {
    height: block.height,
    id: idOf(block.id),
    timeMs: block.timeMs,
    proposer: idOf(block.proposer),
    stateRoot: idOf(block.stateRoot),
    transactions: block.transactions.map(transactionJson),
    events: block.events.map(eventJson),
  }
}

/** Proven values in JSON. */
export function proofJson({ height, values }: ProvenValues): ProofJson {
  return {
    height,
    values: values.map(({ key, value, proof }) => ({
      key,
      value: value === undefined ? null : idOf(value),
      proof: idOf(proof),
    })),
  }
}

/** A view in JSON: its amounts are decimal texts. */
export function inJson<T>(view: T): InJson<T> {
  const text = JSON.stringify(view, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  return JSON.parse(text) as InJson<T>
}
