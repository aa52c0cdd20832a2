import { idOf } from '@neurovoyance/ledger'
import { type CoherentBlock, checkTransactionProof, type LightSources } from '@neurovoyance/ledger/light'
import { errorCode, type HistoryEntry, type TransactionResponse } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { Attempts } from './attempts.js'
import type { ChainPeers } from './peers.js'

/** How to ask for a transaction. */
export interface TransactionQuery {
  /** How long a node may wait for it to be in a block. */
  readonly waitMs?: number
  readonly signal?: AbortSignal | undefined
  /** Another node is asked first each turn. */
  readonly turn?: number
}

/** Transactions as nodes tell of them. Of one in a block height, place, code and fee are proven. */
export interface ChainTransactions {
  /** What became of one; that none knows it, or that it waits, is a node's word. */
  ask(id: Uint8Array, query?: TransactionQuery): Promise<TransactionResponse>
  /** An account's transactions, newest first; that none is left out is a node's word. */
  history(
    account: Uint8Array,
    page: { limit: number; before: HistoryEntry | undefined; signal: AbortSignal | undefined },
  ): Promise<readonly ProvenEntry[]>
}

/** A line of an account's history, proven. */
export interface ProvenEntry extends HistoryEntry {
  /** Why the transaction had no effect but its fee; absent where it had. */
  readonly code?: string
  /** What it paid, tip included. */
  readonly fee: bigint
}

/** A node may wait for the header that shows a block's receipts. */
const PROOF_GRACE_MS = 10_000
/** Lines of a history that are asked for at once. */
const AT_ONCE = 8

/** Asks nodes of a chain for transactions, and checks what they answer under headers that the validators signed. */
export function createTransactions({
  peers,
  attempts,
  headerAt,
}: {
  peers: ChainPeers
  attempts: Attempts
  /** The header of a height, checked. */
  headerAt: (height: number, sources: LightSources) => Promise<CoherentBlock>
}): ChainTransactions {
  /** What a node says; nothing where it lacks the proof of what it says yet. */
  const answerOf = async (
    peerId: string,
    sources: LightSources,
    id: Uint8Array,
    { waitMs = 0, signal }: TransactionQuery,
  ): Promise<TransactionResponse | undefined> => {
    const options = { timeoutMs: waitMs + PROOF_GRACE_MS, ...(signal && { signal }) }
    const ask = async (withinMs: number) => {
      const asked = { body: { id, waitMs: withinMs, prove: true } }
      return (await peers.call(peerId, 'Transaction', asked, options)).body
    }
    let body = await ask(waitMs)
    if (!body.known || body.height === 0) return { ...body, height: 0 }
    const after = await headerAt(body.height + 1, sources).catch((error: unknown) => {
      if (errorCode(error) === 'LEDGER_NOT_FOUND') return undefined
      throw error
    })
    if (after === undefined) return undefined
    // the header may have come after the answer
    if (body.proof === undefined) body = await ask(0)
    const { proof } = body
    if (proof === undefined || body.height + 1 !== after.header.height) throw unproven(peerId, id)
    const { transactionsRoot } = (await headerAt(body.height, sources)).header
    const { receiptsRoot } = after.header
    checkTransactionProof({ id, ...body, proof }, { transactionsRoot, receiptsRoot })
    return body
  }

  return {
    ask: (id, query = {}) =>
      attempts.each((peerId, sources) => answerOf(peerId, sources, id, query), {
        signal: query.signal,
        turn: query.turn ?? 0,
      }),
    history: (account, { limit, before, signal }) =>
      attempts.each(
        async (peerId, sources) => {
          const asked = { account, limit, ...(before && { before }) }
          const { body } = await peers.call(peerId, 'History', { body: asked }, signal && { signal })
          checkOrder(body.entries, limit, before, peerId)
          const proven: ProvenEntry[] = []
          for (let at = 0; at < body.entries.length; at += AT_ONCE) {
            const some = body.entries.slice(at, at + AT_ONCE)
            const answers = await Promise.all(some.map(({ id }) => answerOf(peerId, sources, id, { signal })))
            for (const [index, entry] of some.entries()) {
              const answer = answers[index]
              if (answer === undefined) return undefined
              proven.push(provenEntry(entry, answer, peerId))
            }
          }
          return proven
        },
        { signal },
      ),
  }
}

const unproven = (peerId: string, id: Uint8Array) =>
  new ClientError(
    'CLIENT_BAD_RESPONSE',
    `${peerId} says that transaction ${idOf(id)} has happened, and does not show it`,
    { details: { node: peerId, id: idOf(id) } },
  )

type Place = Pick<HistoryEntry, 'height' | 'index'>
const isAfter = (a: Place, b: Place): boolean =>
  a.height === b.height ? a.index > b.index : a.height > b.height

function checkOrder(
  entries: readonly HistoryEntry[],
  limit: number,
  before: HistoryEntry | undefined,
  peerId: string,
): void {
  const places = before === undefined ? entries : [before, ...entries]
  const isSorted = places.every((place, index) => index === 0 || isAfter(places[index - 1]!, place))
  if (isSorted && entries.length <= Math.max(1, limit)) return
  throw new ClientError('CLIENT_BAD_RESPONSE', `${peerId} gave a history that is out of order, or too long`, {
    details: { node: peerId },
  })
}

function provenEntry(entry: HistoryEntry, answer: TransactionResponse, peerId: string): ProvenEntry {
  const { height, index, code, fee } = answer
  if (height === entry.height && index === entry.index)
    return { height, index, id: entry.id, fee, ...(code !== '' && { code }) }
  throw new ClientError(
    'CLIENT_BAD_RESPONSE',
    `${peerId} gave a history with a transaction at a place where it is not`,
    { details: { node: peerId, height: entry.height, index: entry.index } },
  )
}
