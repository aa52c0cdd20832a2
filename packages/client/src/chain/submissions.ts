import { idOf, type Settlement } from '@neurovoyance/ledger'
import {
  type Clock,
  errorCode,
  Transaction,
  TransactionBody,
  type TransactionResponse,
} from '@neurovoyance/protocol'
import { sha256 } from '@noble/hashes/sha2.js'
import { ClientError } from '../errors.js'
import type { Attempts } from './attempts.js'
import { pause } from './pause.js'
import type { ChainPeers } from './peers.js'

/** Sends transactions to nodes, and asks what became of them. */
export interface Submissions {
  submit(bytes: Uint8Array): Promise<Uint8Array>
  ask(id: Uint8Array, waitMs: number, signal?: AbortSignal): Promise<TransactionResponse>
  settled(id: Uint8Array, options?: { signal?: AbortSignal }): Promise<Settlement>
}

interface Sent {
  readonly bytes: Uint8Array
  readonly validUntil: number
}

/** How long a node is asked to wait for a block. */
const WAIT_MS = 10_000
const GRACE_MS = 5_000
/** Between questions to nodes that have not heard of a transaction. */
const ASK_AGAIN_MS = 250
/** Transactions that are sent again where a node has not heard of them. */
const MOST_KEPT = 1_024

/** What a node says is its answer, whichever is asked: the transaction is wrong. */
const isRefusal = (code: string): boolean => code.startsWith('LEDGER_') || code.startsWith('PROTOCOL_')

/** Sends transactions; those that get lost with a node are sent again to another. */
export function createSubmissions(init: {
  peers: ChainPeers
  attempts: Attempts
  clock: Clock
  /** The newest height. */
  newest: () => Promise<number>
}): Submissions {
  const { peers, attempts, clock, newest } = init
  const sent = new Map<string, Sent>()

  const send = (bytes: Uint8Array, signal?: AbortSignal): Promise<true> =>
    attempts.each(
      async peerId => {
        await peers.call(peerId, 'Submit', { body: {}, attachments: [bytes] }, signal && { signal })
        return true as const
      },
      { signal, isFinal: isRefusal },
    )

  const ask: Submissions['ask'] = (id, waitMs, signal) =>
    attempts.each(
      async peerId => {
        const options = { timeoutMs: waitMs + GRACE_MS, ...(signal && { signal }) }
        return (await peers.call(peerId, 'Transaction', { body: { id, waitMs } }, options)).body
      },
      { signal },
    )

  return {
    ask,
    async submit(bytes) {
      const { body } = Transaction.decode(bytes)
      const id = sha256(body)
      await send(bytes)
      sent.set(idOf(id), { bytes, validUntil: TransactionBody.decode(body).validUntil })
      if (sent.size > MOST_KEPT) sent.delete(sent.keys().next().value as string)
      return id
    },
    async settled(id, { signal } = {}) {
      const mine = sent.get(idOf(id))
      for (;;) {
        const answer = await ask(id, WAIT_MS, signal)
        if (answer.known && answer.height > 0) {
          sent.delete(idOf(id))
          return settlementOf(answer)
        }
        if (answer.known) continue
        if (mine !== undefined) {
          if ((await newest()) > mine.validUntil) throw expired(id, mine.validUntil)
          await send(mine.bytes, signal).catch(error => {
            // it may be in a block by now; else the next answer says that it is not known
            if (!SETTLED.has(errorCode(error) ?? '')) throw error
          })
        }
        await pause(clock, ASK_AGAIN_MS, signal)
      }
    },
  }
}

/** What a node says of a transaction that has happened already. */
const SETTLED = new Set(['LEDGER_WRONG_NONCE', 'LEDGER_CONFLICT'])

const settlementOf = ({ height, code, message, fee }: TransactionResponse): Settlement =>
  code === '' ? { height, fee } : { height, fee, code, message }

function expired(id: Uint8Array, validUntil: number): ClientError {
  return new ClientError(
    'CLIENT_TRANSACTION_EXPIRED',
    `no node has the transaction, and it was valid until block ${validUntil}: it will not happen any more; send it anew`,
    { details: { id: idOf(id), validUntil } },
  )
}
