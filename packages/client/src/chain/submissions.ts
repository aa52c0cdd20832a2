import { type Id, idOf, type Settlement } from '@neurovoyance/ledger'
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
import type { ChainTransactions } from './transactions.js'

/** Sends transactions to nodes, and waits for what becomes of them. */
export interface Submissions {
  submit(bytes: Uint8Array): Promise<Uint8Array>
  settled(id: Uint8Array, options?: { signal?: AbortSignal }): Promise<Settlement>
}

/** What submissions are made from. */
export interface SubmissionsInit {
  readonly peers: ChainPeers
  readonly attempts: Attempts
  readonly transactions: Pick<ChainTransactions, 'ask'>
  readonly clock: Clock
  /** The next nonce of an account by the proven state after a block. */
  nonceOf(account: Id, signal: AbortSignal | undefined): Promise<{ nonce: number; height: number }>
}

/** What can be told of a transaction before it happens. */
interface Expected {
  readonly sender: Id
  readonly nonce: number
  readonly validUntil: number
  /** Where it was sent from here: it is sent again where it gets lost. */
  readonly bytes?: Uint8Array
}

/** How long a node is asked to wait for a block. */
const WAIT_MS = 10_000
/** Between questions. */
const ASK_AGAIN_MS = 250
/** How long one that nobody has heard of is asked for. */
const UNKNOWN_MS = 60_000
/** Nodes that are asked for one whose nonce is used, before another is said to have it. */
const LAST_TURNS = 8
/** Transactions that are sent again where a node has not heard of them. */
const MOST_KEPT = 1_024

/** What a node says is its answer, whichever is asked: the transaction is wrong. */
const isRefusal = (error: unknown): boolean => {
  const code = errorCode(error)
  return code !== undefined && code !== 'LEDGER_BUSY' && /^(LEDGER|PROTOCOL)_/.test(code)
}
/** What a node says of a transaction that has happened already. */
const SETTLED = new Set(['LEDGER_WRONG_NONCE', 'LEDGER_CONFLICT'])

/** Sends transactions; those that get lost with a node are sent again to another. */
export function createSubmissions(init: SubmissionsInit): Submissions {
  const { peers, attempts, transactions, clock, nonceOf } = init
  const sent = new Map<string, Expected>()

  const send = (bytes: Uint8Array, signal?: AbortSignal): Promise<true> =>
    attempts.each(
      async peerId => {
        await peers.call(peerId, 'Submit', { body: {}, attachments: [bytes] }, signal && { signal })
        return true as const
      },
      { signal, isFinal: isRefusal },
    )

  const sendAgain = async ({ bytes }: Expected, signal: AbortSignal | undefined): Promise<void> => {
    if (bytes === undefined) return
    await send(bytes, signal).catch(error => {
      // it may be in a block by now; else the next answer says that it is not known
      if (!SETTLED.has(errorCode(error) ?? '')) throw error
    })
  }

  return {
    async submit(bytes) {
      const { body } = Transaction.decode(bytes)
      const id = sha256(body)
      await send(bytes)
      sent.set(idOf(id), { ...expectedOf(body), bytes })
      if (sent.size > MOST_KEPT) sent.delete(sent.keys().next().value as string)
      return id
    },

    async settled(id, { signal } = {}) {
      const until = clock.monotonicMs() + UNKNOWN_MS
      let expected = sent.get(idOf(id))
      let turnsLeft: number | undefined
      for (let turn = 0; ; turn++) {
        const waitMs = turnsLeft === undefined ? WAIT_MS : 0
        const answer = await transactions.ask(id, { waitMs, signal, turn })
        if (answer.height > 0) {
          sent.delete(idOf(id))
          return settlementOf(answer)
        }
        expected ??= expectedFrom(answer, id)
        if (expected === undefined) {
          if (clock.monotonicMs() > until) throw unknown(id)
        } else {
          const { nonce, height } = await nonceOf(expected.sender, signal)
          if (nonce > expected.nonce) {
            turnsLeft = (turnsLeft ?? LAST_TURNS) - 1
            if (turnsLeft === 0) throw replaced(id, expected)
          } else if (height >= expected.validUntil) throw expired(id, expected)
          else if (!answer.known) await sendAgain(expected, signal)
        }
        await pause(clock, ASK_AGAIN_MS, signal)
      }
    },
  }
}

function expectedOf(body: Uint8Array): Expected {
  const { sender, nonce, validUntil } = TransactionBody.decode(body)
  return { sender: idOf(sender), nonce, validUntil }
}

/** What a node shows of one that waits, if it is that. */
function expectedFrom({ transaction }: TransactionResponse, id: Uint8Array): Expected | undefined {
  if (transaction.length === 0) return undefined
  const { body } = Transaction.decode(transaction)
  return idOf(sha256(body)) === idOf(id) ? expectedOf(body) : undefined
}

const settlementOf = ({ height, code, message, fee }: TransactionResponse): Settlement =>
  code === '' ? { height, fee } : { height, fee, code, message }

function expired(id: Uint8Array, { validUntil }: Expected): ClientError {
  return new ClientError(
    'CLIENT_TRANSACTION_EXPIRED',
    `the transaction was valid until block ${validUntil}, and is in none: it will not happen any more; send it anew`,
    { details: { id: idOf(id), validUntil } },
  )
}

function replaced(id: Uint8Array, { nonce }: Expected): ClientError {
  return new ClientError(
    'CLIENT_TRANSACTION_REPLACED',
    `the account has used nonce ${nonce}, and no node shows this transaction in a block: another has taken its place`,
    { details: { id: idOf(id), nonce } },
  )
}

function unknown(id: Uint8Array): ClientError {
  return new ClientError(
    'CLIENT_TRANSACTION_UNKNOWN',
    `no node has heard of the transaction in ${UNKNOWN_MS / 1_000} s: check its id, or send it again`,
    { details: { id: idOf(id) } },
  )
}
