// Generated from proto/neurovoyance/ledger/v1/nodes.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readPurse, type Purse, writePurse } from './ledger-accounts.js'

/** Binds a node to the sender: both have signed. Kind `nodes/bind`. */
export interface NodesBind {
  /** The node's network key: the Ed25519 key of its PeerId. */
  readonly nodeKey: Uint8Array
  /**
   * Its signature of `neurovoyance/node/1`, a zero byte, the length of the chain's id (one byte), the id, the
   * sender's address, and the transaction's nonce in eight bytes, big-endian.
   */
  readonly proof: Uint8Array
  /** SHA-256 of the node's description, which travels elsewhere; zeros for none. */
  readonly capabilities: Uint8Array
}

export function readNodesBind(reader: WireReader): NodesBind {
  let nodeKey: Uint8Array = new Uint8Array(0)
  let proof: Uint8Array = new Uint8Array(0)
  let capabilities: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nodeKey = reader.copy('NodesBind.nodeKey', LIMITS.publicKeyBytes)
        break
      case 18:
        proof = reader.copy('NodesBind.proof', LIMITS.signatureBytes)
        break
      case 26:
        capabilities = reader.copy('NodesBind.capabilities', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(nodeKey, 'NodesBind.nodeKey', LIMITS.publicKeyBytes)
  checkLength(proof, 'NodesBind.proof', LIMITS.signatureBytes)
  checkLength(capabilities, 'NodesBind.capabilities', LIMITS.hashBytes)
  return { nodeKey, proof, capabilities }
}

export function writeNodesBind(writer: WireWriter, value: NodesBind): void {
  checkLength(value.nodeKey, 'NodesBind.nodeKey', LIMITS.publicKeyBytes)
  if (value.nodeKey.length > 0) writer.copy(10, value.nodeKey, 'NodesBind.nodeKey', LIMITS.publicKeyBytes)
  checkLength(value.proof, 'NodesBind.proof', LIMITS.signatureBytes)
  if (value.proof.length > 0) writer.copy(18, value.proof, 'NodesBind.proof', LIMITS.signatureBytes)
  checkLength(value.capabilities, 'NodesBind.capabilities', LIMITS.hashBytes)
  if (value.capabilities.length > 0) writer.copy(26, value.capabilities, 'NodesBind.capabilities', LIMITS.hashBytes)
}

/** Codec of {@link NodesBind}, at most `LIMITS.actionBytes`. */
export const NodesBind: Codec<NodesBind> = /* @__PURE__ */ messageCodec('NodesBind', LIMITS.actionBytes, readNodesBind, writeNodesBind)

/** Replaces the description of a node. Kind `nodes/describe`. */
export interface NodesDescribe {
  /** The node's key; the sender owns it. */
  readonly nodeKey: Uint8Array
  /** SHA-256 of its description; zeros for none. */
  readonly capabilities: Uint8Array
}

export function readNodesDescribe(reader: WireReader): NodesDescribe {
  let nodeKey: Uint8Array = new Uint8Array(0)
  let capabilities: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nodeKey = reader.copy('NodesDescribe.nodeKey', LIMITS.publicKeyBytes)
        break
      case 18:
        capabilities = reader.copy('NodesDescribe.capabilities', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(nodeKey, 'NodesDescribe.nodeKey', LIMITS.publicKeyBytes)
  checkLength(capabilities, 'NodesDescribe.capabilities', LIMITS.hashBytes)
  return { nodeKey, capabilities }
}

export function writeNodesDescribe(writer: WireWriter, value: NodesDescribe): void {
  checkLength(value.nodeKey, 'NodesDescribe.nodeKey', LIMITS.publicKeyBytes)
  if (value.nodeKey.length > 0) writer.copy(10, value.nodeKey, 'NodesDescribe.nodeKey', LIMITS.publicKeyBytes)
  checkLength(value.capabilities, 'NodesDescribe.capabilities', LIMITS.hashBytes)
  if (value.capabilities.length > 0) writer.copy(18, value.capabilities, 'NodesDescribe.capabilities', LIMITS.hashBytes)
}

/** Codec of {@link NodesDescribe}, at most `LIMITS.actionBytes`. */
export const NodesDescribe: Codec<NodesDescribe> = /* @__PURE__ */ messageCodec('NodesDescribe', LIMITS.actionBytes, readNodesDescribe, writeNodesDescribe)

/** Bonds coins of the sender to a node of its own, as a worker's stake. Kind `nodes/bond`. */
export interface NodesBond {
  /** The node's key. */
  readonly nodeKey: Uint8Array
  /** Liquid coins. */
  readonly liquid: bigint
  /** Earned coins. */
  readonly earned: bigint
}

export function readNodesBond(reader: WireReader): NodesBond {
  let nodeKey: Uint8Array = new Uint8Array(0)
  let liquid: bigint = 0n
  let earned: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nodeKey = reader.copy('NodesBond.nodeKey', LIMITS.publicKeyBytes)
        break
      case 16:
        liquid = reader.amount('NodesBond.liquid')
        break
      case 24:
        earned = reader.amount('NodesBond.earned')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(nodeKey, 'NodesBond.nodeKey', LIMITS.publicKeyBytes)
  return { nodeKey, liquid, earned }
}

export function writeNodesBond(writer: WireWriter, value: NodesBond): void {
  checkLength(value.nodeKey, 'NodesBond.nodeKey', LIMITS.publicKeyBytes)
  if (value.nodeKey.length > 0) writer.copy(10, value.nodeKey, 'NodesBond.nodeKey', LIMITS.publicKeyBytes)
  if (value.liquid !== 0n) writer.amount(16, value.liquid, 'NodesBond.liquid')
  if (value.earned !== 0n) writer.amount(24, value.earned, 'NodesBond.earned')
}

/** Codec of {@link NodesBond}, at most `LIMITS.actionBytes`. */
export const NodesBond: Codec<NodesBond> = /* @__PURE__ */ messageCodec('NodesBond', LIMITS.actionBytes, readNodesBond, writeNodesBond)

/** Takes coins of a node's stake back: as what they came in, after the time of unbonding. Kind `nodes/unbond`. */
export interface NodesUnbond {
  /** The node's key; the sender owns it. */
  readonly nodeKey: Uint8Array
  /** Coins that came in as liquid ones. */
  readonly liquid: bigint
  /** Coins that came in as earned ones. */
  readonly earned: bigint
}

export function readNodesUnbond(reader: WireReader): NodesUnbond {
  let nodeKey: Uint8Array = new Uint8Array(0)
  let liquid: bigint = 0n
  let earned: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nodeKey = reader.copy('NodesUnbond.nodeKey', LIMITS.publicKeyBytes)
        break
      case 16:
        liquid = reader.amount('NodesUnbond.liquid')
        break
      case 24:
        earned = reader.amount('NodesUnbond.earned')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(nodeKey, 'NodesUnbond.nodeKey', LIMITS.publicKeyBytes)
  return { nodeKey, liquid, earned }
}

export function writeNodesUnbond(writer: WireWriter, value: NodesUnbond): void {
  checkLength(value.nodeKey, 'NodesUnbond.nodeKey', LIMITS.publicKeyBytes)
  if (value.nodeKey.length > 0) writer.copy(10, value.nodeKey, 'NodesUnbond.nodeKey', LIMITS.publicKeyBytes)
  if (value.liquid !== 0n) writer.amount(16, value.liquid, 'NodesUnbond.liquid')
  if (value.earned !== 0n) writer.amount(24, value.earned, 'NodesUnbond.earned')
}

/** Codec of {@link NodesUnbond}, at most `LIMITS.actionBytes`. */
export const NodesUnbond: Codec<NodesUnbond> = /* @__PURE__ */ messageCodec('NodesUnbond', LIMITS.actionBytes, readNodesUnbond, writeNodesUnbond)

/** Retires a node: its whole stake unbonds, and when that is back its key is free. Kind `nodes/retire`. */
export interface NodesRetire {
  /** The node's key; the sender owns it. */
  readonly nodeKey: Uint8Array
}

export function readNodesRetire(reader: WireReader): NodesRetire {
  let nodeKey: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nodeKey = reader.copy('NodesRetire.nodeKey', LIMITS.publicKeyBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(nodeKey, 'NodesRetire.nodeKey', LIMITS.publicKeyBytes)
  return { nodeKey }
}

export function writeNodesRetire(writer: WireWriter, value: NodesRetire): void {
  checkLength(value.nodeKey, 'NodesRetire.nodeKey', LIMITS.publicKeyBytes)
  if (value.nodeKey.length > 0) writer.copy(10, value.nodeKey, 'NodesRetire.nodeKey', LIMITS.publicKeyBytes)
}

/** Codec of {@link NodesRetire}, at most `LIMITS.actionBytes`. */
export const NodesRetire: Codec<NodesRetire> = /* @__PURE__ */ messageCodec('NodesRetire', LIMITS.actionBytes, readNodesRetire, writeNodesRetire)

/** A node, under `nodes/<key in hexadecimal>`. */
export interface NodeRecord {
  /** Address of who answers for it. */
  readonly owner: Uint8Array
  /** SHA-256 of its description; zeros for none. */
  readonly capabilities: Uint8Array
  /** Its stake. */
  readonly stake?: Purse | undefined
  /** Stake on its way back, in the order in which it comes. */
  readonly unbonding: readonly NodeUnbonding[]
  /** Whether it does not work any more. */
  readonly retired: boolean
}

export function readNodeRecord(reader: WireReader): NodeRecord {
  let owner: Uint8Array = new Uint8Array(0)
  let capabilities: Uint8Array = new Uint8Array(0)
  let stake: Purse | undefined
  const unbonding: NodeUnbonding[] = []
  let retired: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        owner = reader.copy('NodeRecord.owner', LIMITS.hashBytes)
        break
      case 18:
        capabilities = reader.copy('NodeRecord.capabilities', LIMITS.hashBytes)
        break
      case 26:
        stake = reader.nested('NodeRecord.stake', readPurse)
        break
      case 34:
        reader.room('NodeRecord.unbonding', unbonding.length, LIMITS.unbondings)
        unbonding.push(reader.nested('NodeRecord.unbonding', readNodeUnbonding))
        break
      case 40:
        retired = reader.bool('NodeRecord.retired')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(owner, 'NodeRecord.owner', LIMITS.hashBytes)
  checkLength(capabilities, 'NodeRecord.capabilities', LIMITS.hashBytes)
  return { owner, capabilities, stake, unbonding, retired }
}

export function writeNodeRecord(writer: WireWriter, value: NodeRecord): void {
  checkLength(value.owner, 'NodeRecord.owner', LIMITS.hashBytes)
  if (value.owner.length > 0) writer.copy(10, value.owner, 'NodeRecord.owner', LIMITS.hashBytes)
  checkLength(value.capabilities, 'NodeRecord.capabilities', LIMITS.hashBytes)
  if (value.capabilities.length > 0) writer.copy(18, value.capabilities, 'NodeRecord.capabilities', LIMITS.hashBytes)
  if (value.stake !== undefined) writer.nested(26, value.stake, writePurse)
  writer.items('NodeRecord.unbonding', value.unbonding.length, LIMITS.unbondings)
  for (const item of value.unbonding) writer.nested(34, item, writeNodeUnbonding)
  if (value.retired) writer.uint(40, value.retired ? 1 : 0, 'NodeRecord.retired', 1)
}

/** Codec of {@link NodeRecord}, at most `LIMITS.nodeRecordBytes`. */
export const NodeRecord: Codec<NodeRecord> = /* @__PURE__ */ messageCodec('NodeRecord', LIMITS.nodeRecordBytes, readNodeRecord, writeNodeRecord)

/** A node's stake on its way back. */
export interface NodeUnbonding {
  /** The coins. */
  readonly purse?: Purse | undefined
  /** Ledger time at which it was taken out of the stake: it answers for faults before. */
  readonly sinceMs: number
  /** Ledger time at which it is back. */
  readonly endsMs: number
}

export function readNodeUnbonding(reader: WireReader): NodeUnbonding {
  let purse: Purse | undefined
  let sinceMs: number = 0
  let endsMs: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        purse = reader.nested('NodeUnbonding.purse', readPurse)
        break
      case 16:
        sinceMs = reader.varint('NodeUnbonding.sinceMs')
        break
      case 24:
        endsMs = reader.varint('NodeUnbonding.endsMs')
        break
      default:
        reader.skip(tag)
    }
  }
  return { purse, sinceMs, endsMs }
}

export function writeNodeUnbonding(writer: WireWriter, value: NodeUnbonding): void {
  if (value.purse !== undefined) writer.nested(10, value.purse, writePurse)
  if (value.sinceMs !== 0) writer.uint(16, value.sinceMs, 'NodeUnbonding.sinceMs', Number.MAX_SAFE_INTEGER)
  if (value.endsMs !== 0) writer.uint(24, value.endsMs, 'NodeUnbonding.endsMs', Number.MAX_SAFE_INTEGER)
}
