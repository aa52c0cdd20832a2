/** Entries of the log between the core's plain objects and bytes. */
import { type ConsensusBeginning, ConsensusRecord, type RotationEntry } from '@neurovoyance/protocol'
import { bytesOf, idOf } from '../../core/hex.js'
import type { Beginning } from '../core/beginning.js'
import type { ConsensusEvent } from '../core/event.js'
import type { Message } from '../core/message.js'
import { type ValidatorSet, type ValidatorUpdate, validatorSet } from '../core/validators.js'
import { badRecord } from '../errors.js'
import { coreMessage, coreVote, wireMessage, wireVote } from '../wire/message.js'
import { coreSigned, wireSigned } from './signer-record.js'

/** An entry: what a height began with, or something that happened. */
export type LogEntry = { type: 'beginning'; beginning: Beginning } | { type: 'event'; event: ConsensusEvent }

/** An entry as it is stored. */
export function encodeEntry(entry: LogEntry): Uint8Array {
  if (entry.type === 'beginning')
    return ConsensusRecord.encode({ ...NOTHING, beginning: wireBeginning(entry.beginning) })
  return ConsensusRecord.encode({ ...NOTHING, ...wireEvent(entry.event) })
}

/**
 * Reads an entry.
 *
 * @throws ProtocolError for bytes that are none
 * @throws ConsensusError `LEDGER_CONSENSUS_BAD_RECORD` for one that says nothing
 */
export function decodeEntry(bytes: Uint8Array): LogEntry {
  const record = ConsensusRecord.decode(bytes)
  if (record.beginning !== undefined) return { type: 'beginning', beginning: coreBeginning(record.beginning) }
  return { type: 'event', event: coreEvent(record) }
}

const NOTHING = { transactions: false } as const

function wireEvent(event: ConsensusEvent): Partial<ConsensusRecord> {
  switch (event.type) {
    case 'proposal':
    case 'part':
    case 'vote':
    case 'certificate':
      return { message: wireMessage(event) }
    case 'timeout': {
      const { kind, height, round } = event.timeout
      return { timeout: { kind, height, round: round === -1 ? undefined : round } }
    }
    case 'transactions':
      return { transactions: true }
    case 'built': {
      const { height, round, headerHash, bytes } = event
      return { built: { height, round, headerHash: bytesOf(headerHash), block: bytes } }
    }
    case 'checked': {
      const { height, blockId, valid, timely } = event
      return { checked: { height, block: bytesOf(blockId), valid, timely } }
    }
    case 'persisted':
      return { persisted: { id: event.id, signature: event.signature } }
    case 'refused':
      return { refused: event.id }
    case 'applied': {
      const { height, updates, wanted } = event
      const entries = updates.map(({ id, power }) => wireEntry({ id, power, priority: 0n }))
      return { applied: { height, updates: entries, wanted } }
    }
    case 'synced': {
      const { headerHash, bytes, precommits } = event
      return {
        synced: { headerHash: bytesOf(headerHash), block: bytes, precommits: precommits.map(wireVote) },
      }
    }
    case 'restored':
      return { restored: wireSigned('', event.signed) }
  }
}

function coreEvent(record: ConsensusRecord): ConsensusEvent {
  const { timeout, built, checked, persisted, refused, applied, synced, restored } = record
  if (record.message !== undefined) return coreMessage(record.message) satisfies Message
  if (record.transactions) return { type: 'transactions' }
  if (persisted !== undefined) return { type: 'persisted', ...persisted }
  if (refused !== undefined) return { type: 'refused', id: refused }
  if (timeout !== undefined && timeout.kind !== 'unspecified') {
    const { kind, height, round } = timeout
    return { type: 'timeout', timeout: { kind, height, round: round ?? -1 } }
  }
  if (built !== undefined) {
    const { height, round, headerHash, block } = built
    return { type: 'built', height, round, headerHash: idOf(headerHash), bytes: block }
  }
  if (checked !== undefined) {
    const { height, block, valid, timely } = checked
    return { type: 'checked', height, blockId: idOf(block), valid, timely }
  }
  if (applied !== undefined) {
    const { height, updates, wanted } = applied
    return { type: 'applied', height, updates: updates.map(coreUpdate), wanted }
  }
  if (synced !== undefined) {
    const { headerHash, block, precommits } = synced
    return {
      type: 'synced',
      headerHash: idOf(headerHash),
      bytes: block,
      precommits: precommits.map(coreVote),
    }
  }
  const signed = restored && coreSigned(restored)
  if (signed !== undefined) return { type: 'restored', signed }
  throw badRecord('an entry of the log says nothing')
}

/** What a height begins with, for the encoder. */
export function wireBeginning({
  height,
  validators,
  nextValidators,
  lastValidators,
  lastPrecommits,
  wanted,
}: Beginning) {
  return {
    height,
    validators: wireSet(validators),
    nextValidators: wireSet(nextValidators),
    lastValidators: lastValidators === undefined ? [] : wireSet(lastValidators),
    lastPrecommits: lastPrecommits.map(wireVote),
    wanted,
  }
}

/** What a height begins with, when it was decoded. */
export function coreBeginning(wire: ConsensusBeginning): Beginning {
  const { height, validators, nextValidators, lastValidators, lastPrecommits, wanted } = wire
  return {
    height,
    validators: coreSet(validators),
    nextValidators: coreSet(nextValidators),
    ...(lastValidators.length > 0 && { lastValidators: coreSet(lastValidators) }),
    lastPrecommits: lastPrecommits.map(coreVote),
    wanted,
  }
}

export function wireSet({ validators }: ValidatorSet): readonly RotationEntry[] {
  return validators.map(wireEntry)
}

export function coreSet(entries: readonly RotationEntry[]): ValidatorSet {
  return validatorSet(entries.map(entry => ({ ...coreUpdate(entry), priority: entry.ahead - entry.behind })))
}

function wireEntry({ id, power, priority }: ValidatorUpdate & { priority: bigint }): RotationEntry {
  const ahead = priority > 0n ? priority : 0n
  const behind = priority < 0n ? -priority : 0n
  return { validator: bytesOf(id), power, ahead, behind }
}

function coreUpdate({ validator, power }: RotationEntry): ValidatorUpdate {
  return { id: idOf(validator), power }
}
