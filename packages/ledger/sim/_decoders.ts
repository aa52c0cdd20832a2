import {
  assembleBlock,
  createStateTree,
  NO_HASH,
  openBlock,
  openTransaction,
  parseGenesis,
  verifyProof,
} from '@neurovoyance/ledger'
import {
  decodeManifest,
  decodeMessage,
  decodeSummary,
  encodeManifest,
  encodeMessage,
  encodeSummary,
} from '@neurovoyance/ledger/node'
import { errorCode, Transaction, TransactionBody } from '@neurovoyance/protocol'

/** What the fuzzer of `@neurovoyance/protocol` takes. */
interface Decoder {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  readonly codes: string
  readonly share?: number
  decode(bytes: Uint8Array): unknown
  readonly encode?: (value: never) => Uint8Array
}

const CHAIN = 'fuzz-1'
const open = { chainId: CHAIN, verify: () => true }
const bytesOf = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte)
const idOf = (byte: number): string => byte.toString(16).padStart(2, '0').repeat(32)

/** Every decoder of this package. */
export function decoders(): Decoder[] {
  return [
    consensusMessage,
    consensusSummary,
    transaction,
    block,
    presence,
    absence,
    snapshotManifest,
    genesisDocument,
  ]
}

/** A decoder whose errors may also be of the codecs that it stands on: they are told apart no more. */
function ofLedger<T>(decode: (bytes: Uint8Array) => T): (bytes: Uint8Array) => T {
  return bytes => {
    try {
      return decode(bytes)
    } catch (error) {
      const code = errorCode(error)
      if (code?.startsWith('PROTOCOL_')) throw Object.assign(new Error('refused'), { code: `LEDGER_${code}` })
      throw error
    }
  }
}

const vote = (round: number) =>
  ({
    type: 'prevote',
    height: 7,
    round,
    blockId: idOf(1),
    validRound: round - 1,
    validator: idOf(2),
    signature: bytesOf(3, 64),
  }) as const

/** What peers say about the height that they decide. */
const consensusMessage: Decoder = {
  name: 'ledger/consensus-message',
  codes: 'LEDGER_',
  samples: [
    encodeMessage({ type: 'vote', vote: vote(2) }),
    encodeMessage({ type: 'certificate', votes: [vote(0), vote(1)] }),
    encodeMessage({
      type: 'part',
      part: {
        height: 7,
        partsRoot: idOf(4),
        index: 1,
        bytes: bytesOf(5, 90),
        proof: [bytesOf(6), bytesOf(7)],
      },
    }),
    encodeMessage({
      type: 'proposal',
      proposal: {
        height: 7,
        round: 1,
        validRound: -1,
        headerHash: idOf(1),
        partsRoot: idOf(2),
        total: 3,
        // follows from the three before it
        blockId: idOf(0),
        proposer: idOf(4),
        signature: bytesOf(5, 64),
      },
    }),
  ],
  decode: ofLedger(decodeMessage),
  encode: encodeMessage,
}

const votes = (byte: number) => ({ voters: bytesOf(byte, 2), quorums: ['', idOf(byte)] })

const consensusSummary: Decoder = {
  name: 'ledger/consensus-summary',
  codes: 'LEDGER_',
  samples: [
    encodeSummary({ height: 1, round: -1, rounds: [], blocks: [] }),
    encodeSummary({
      height: 7,
      round: 2,
      rounds: [{ round: 2, proposal: idOf(9), prevotes: votes(1), precommits: votes(2) }],
      blocks: [{ blockId: idOf(9), parts: bytesOf(3, 2) }],
    }),
  ],
  decode: ofLedger(decodeSummary),
  encode: encodeSummary,
}

const payment = Transaction.encode({
  body: TransactionBody.encode({
    version: 1,
    sender: bytesOf(1),
    nonce: 3,
    validUntil: 100,
    maxFee: 1_000n,
    tip: 2n,
    memo: 'thanks',
    actions: [{ kind: 'accounts/transfer', payload: bytesOf(8, 40) }],
  }),
  signatures: [{ publicKey: bytesOf(2), signature: bytesOf(3, 64) }],
})

/** What anybody submits; its signature is another matter. */
const transaction: Decoder = {
  name: 'ledger/transaction',
  codes: 'LEDGER_',
  samples: [payment],
  decode: ofLedger(bytes => openTransaction(bytes, open)),
}

const set = { validators: [{ publicKey: bytesOf(4), power: 10 }] }
const head = {
  height: 6,
  timeMs: 1_000,
  blockId: bytesOf(5),
  stateRoot: bytesOf(6),
  receiptsRoot: NO_HASH,
  validators: set,
  nextValidators: set,
}

/** What a peer gives of the past. */
const block: Decoder = {
  name: 'ledger/block',
  codes: 'LEDGER_',
  samples: [
    assembleBlock(head, {
      chainId: CHAIN,
      timeMs: 2_000,
      proposer: bytesOf(4),
      transactions: [{ transaction: openTransaction(payment, open), bytes: payment }],
      evidence: [bytesOf(7, 50)],
      lastCommit: {
        height: 6,
        round: 0,
        block: bytesOf(5),
        signatures: [{ validator: 0, signature: bytesOf(8, 64) }],
      },
    }).bytes,
  ],
  decode: ofLedger(bytes => openBlock(bytes, open)),
}

const tree = createStateTree()
const values = new Map(
  Array.from({ length: 300 }, (_, index) => [`accounts/${index}`, bytesOf(index % 251, 20)]),
)
tree.apply(values)

/** Proofs: one that was changed anywhere shows nothing. */
function proofOf(name: string, key: string): Decoder {
  const proof = tree.prove(key)
  const root = tree.root()
  return {
    name,
    codes: 'LEDGER_',
    samples: [proof],
    decode(bytes) {
      if (verifyProof(root, key, values.get(key), bytes)) {
        if (Buffer.compare(bytes, proof) !== 0) throw new Error('two proofs show one thing')
        return bytes.length
      }
      throw Object.assign(new Error('it shows nothing'), { code: 'LEDGER_BAD_PROOF' })
    },
  }
}

const presence = proofOf('ledger/proof-of-presence', 'accounts/7')
const absence = proofOf('ledger/proof-of-absence', 'accounts/nobody')

const snapshotManifest: Decoder = {
  name: 'ledger/snapshot-manifest',
  codes: 'LEDGER_',
  samples: [
    encodeManifest({
      height: 9,
      root: bytesOf(1),
      chunks: [1, 2].map(byte => ({ sizeBytes: 1_000 * byte, hash: bytesOf(byte) })),
    }),
  ],
  decode: decodeManifest,
  encode: encodeManifest,
}

const genesis = {
  chainId: CHAIN,
  timeMs: 1_700_000_000_000,
  parameters: { 'fees/leastBase': '1' },
  modules: { accounts: [] },
}

/** A file that somebody sends. */
const genesisDocument: Decoder = {
  name: 'ledger/genesis',
  codes: 'LEDGER_',
  samples: [new TextEncoder().encode(JSON.stringify(genesis))],
  decode: bytes => parseGenesis(new TextDecoder('latin1').decode(bytes)),
}
