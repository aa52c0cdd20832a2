import { LIMITS } from '@neurovoyance/protocol'
import { ABCI_LIMITS } from '../limits.js'
import { bytes, choice, flag, message, part, parts, text, type ValueOf, whole } from '../wire/message.js'

const UINT32 = 2 ** 32 - 1
const ADDRESS_BYTES = 20

/** `google.protobuf.Timestamp`, and `Duration`, which looks the same. */
export const Timestamp = message('Timestamp', { seconds: whole(1), nanos: whole(2, UINT32) })
export type Timestamp = ValueOf<typeof Timestamp>

/** Milliseconds since the Unix epoch, rounded down; 0 for none. */
export const timeMsOf = (time: Timestamp | undefined): number =>
  time === undefined ? 0 : time.seconds * 1000 + Math.floor(time.nanos / 1e6)

/** The other way. */
export const timestampOf = (timeMs: number): Timestamp => ({
  seconds: Math.floor(timeMs / 1000),
  nanos: (timeMs % 1000) * 1e6,
})

/** `tendermint.crypto.PublicKey`, of the one kind that the ledger has. */
export const PublicKey = message('PublicKey', { ed25519: bytes(1, LIMITS.publicKeyBytes) })

export const ValidatorUpdate = message('ValidatorUpdate', { pubKey: part(1, PublicKey), power: whole(2) })
export type ValidatorUpdate = ValueOf<typeof ValidatorUpdate>

/** A validator as CometBFT names it: by the first 20 bytes of its key's SHA-256. */
export const Validator = message('Validator', { address: bytes(1, ADDRESS_BYTES), power: whole(3) })

export const Misbehavior = message('Misbehavior', {
  type: choice(1, ['unknown', 'duplicateVote', 'lightClientAttack']),
  validator: part(2, Validator),
  height: whole(3),
  time: part(4, Timestamp),
  totalVotingPower: whole(5),
})
export type Misbehavior = ValueOf<typeof Misbehavior>

const BlockParams = message('BlockParams', { maxBytes: whole(1), maxGas: whole(2) })
const EvidenceParams = message('EvidenceParams', {
  maxAgeNumBlocks: whole(1),
  maxAgeDuration: part(2, Timestamp),
  maxBytes: whole(3),
})

/** `tendermint.types.ConsensusParams`, as far as the ledger sets them. */
export const ConsensusParams = message('ConsensusParams', {
  block: part(1, BlockParams),
  evidence: part(2, EvidenceParams),
})
export type ConsensusParams = ValueOf<typeof ConsensusParams>

export const EventAttribute = message('EventAttribute', {
  key: text(1, LIMITS.textBytes),
  value: text(2, LIMITS.textBytes),
  index: flag(3),
})

export const Event = message('Event', {
  type: text(1, LIMITS.actionKindBytes),
  attributes: parts(2, EventAttribute, ABCI_LIMITS.attributes),
})
export type Event = ValueOf<typeof Event>

export const Snapshot = message('Snapshot', {
  height: whole(1),
  format: whole(2, UINT32),
  chunks: whole(3, UINT32),
  hash: bytes(4, ABCI_LIMITS.metadataBytes),
  metadata: bytes(5, ABCI_LIMITS.metadataBytes),
})
export type Snapshot = ValueOf<typeof Snapshot>
