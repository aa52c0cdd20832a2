// Generated from proto/neurovoyance/ledger/v1/staking.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readPurse, type Purse, writePurse } from './ledger-accounts.js'

/** Makes a validator, owned by the sender, and bonds coins to it. Kind `staking/create`. */
export interface StakingCreate {
  /** The key that will sign votes; never used again for another validator. */
  readonly consensusKey: Uint8Array
  /**
   * Its signature of `neurovoyance/validator/1`, a zero byte, the length of the chain's id (one byte), the id, the
   * sender's address, and the transaction's nonce in eight bytes, big-endian.
   */
  readonly proof: Uint8Array
  /** The share of its stakers' rewards that the owner keeps, in millionths. */
  readonly commission: number
  /** Liquid coins that are bonded. */
  readonly liquid: bigint
  /** Earned coins that are bonded. */
  readonly earned: bigint
}

export function readStakingCreate(reader: WireReader): StakingCreate {
  let consensusKey: Uint8Array = new Uint8Array(0)
  let proof: Uint8Array = new Uint8Array(0)
  let commission: number = 0
  let liquid: bigint = 0n
  let earned: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        consensusKey = reader.copy('StakingCreate.consensusKey', LIMITS.publicKeyBytes)
        break
      case 18:
        proof = reader.copy('StakingCreate.proof', LIMITS.signatureBytes)
        break
      case 24:
        commission = reader.uint32('StakingCreate.commission')
        break
      case 32:
        liquid = reader.amount('StakingCreate.liquid')
        break
      case 40:
        earned = reader.amount('StakingCreate.earned')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(consensusKey, 'StakingCreate.consensusKey', LIMITS.publicKeyBytes)
  checkLength(proof, 'StakingCreate.proof', LIMITS.signatureBytes)
  return { consensusKey, proof, commission, liquid, earned }
}

export function writeStakingCreate(writer: WireWriter, value: StakingCreate): void {
  checkLength(value.consensusKey, 'StakingCreate.consensusKey', LIMITS.publicKeyBytes)
  if (value.consensusKey.length > 0) writer.copy(10, value.consensusKey, 'StakingCreate.consensusKey', LIMITS.publicKeyBytes)
  checkLength(value.proof, 'StakingCreate.proof', LIMITS.signatureBytes)
  if (value.proof.length > 0) writer.copy(18, value.proof, 'StakingCreate.proof', LIMITS.signatureBytes)
  if (value.commission !== 0) writer.uint(24, value.commission, 'StakingCreate.commission', 0xffff_ffff)
  if (value.liquid !== 0n) writer.amount(32, value.liquid, 'StakingCreate.liquid')
  if (value.earned !== 0n) writer.amount(40, value.earned, 'StakingCreate.earned')
}

/** Codec of {@link StakingCreate}, at most `LIMITS.actionBytes`. */
export const StakingCreate: Codec<StakingCreate> = /* @__PURE__ */ messageCodec('StakingCreate', LIMITS.actionBytes, readStakingCreate, writeStakingCreate)

/** Bonds coins to a validator, one's own or another's. Kind `staking/delegate`. */
export interface StakingDelegate {
  /** The validator's key. */
  readonly validator: Uint8Array
  /** Liquid coins. */
  readonly liquid: bigint
  /** Earned coins. */
  readonly earned: bigint
}

export function readStakingDelegate(reader: WireReader): StakingDelegate {
  let validator: Uint8Array = new Uint8Array(0)
  let liquid: bigint = 0n
  let earned: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('StakingDelegate.validator', LIMITS.publicKeyBytes)
        break
      case 16:
        liquid = reader.amount('StakingDelegate.liquid')
        break
      case 24:
        earned = reader.amount('StakingDelegate.earned')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'StakingDelegate.validator', LIMITS.publicKeyBytes)
  return { validator, liquid, earned }
}

export function writeStakingDelegate(writer: WireWriter, value: StakingDelegate): void {
  checkLength(value.validator, 'StakingDelegate.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'StakingDelegate.validator', LIMITS.publicKeyBytes)
  if (value.liquid !== 0n) writer.amount(16, value.liquid, 'StakingDelegate.liquid')
  if (value.earned !== 0n) writer.amount(24, value.earned, 'StakingDelegate.earned')
}

/** Codec of {@link StakingDelegate}, at most `LIMITS.actionBytes`. */
export const StakingDelegate: Codec<StakingDelegate> = /* @__PURE__ */ messageCodec('StakingDelegate', LIMITS.actionBytes, readStakingDelegate, writeStakingDelegate)

/**
 * Moves bonded coins to another validator at once; they still answer for the one they left. Kind
 * `staking/redelegate`.
 */
export interface StakingRedelegate {
  /** The validator they are bonded to. */
  readonly from: Uint8Array
  /** The validator they shall be bonded to. */
  readonly to: Uint8Array
  /** Coins that came in as liquid ones. */
  readonly liquid: bigint
  /** Coins that came in as earned ones. */
  readonly earned: bigint
}

export function readStakingRedelegate(reader: WireReader): StakingRedelegate {
  let from: Uint8Array = new Uint8Array(0)
  let to: Uint8Array = new Uint8Array(0)
  let liquid: bigint = 0n
  let earned: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        from = reader.copy('StakingRedelegate.from', LIMITS.publicKeyBytes)
        break
      case 18:
        to = reader.copy('StakingRedelegate.to', LIMITS.publicKeyBytes)
        break
      case 24:
        liquid = reader.amount('StakingRedelegate.liquid')
        break
      case 32:
        earned = reader.amount('StakingRedelegate.earned')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(from, 'StakingRedelegate.from', LIMITS.publicKeyBytes)
  checkLength(to, 'StakingRedelegate.to', LIMITS.publicKeyBytes)
  return { from, to, liquid, earned }
}

export function writeStakingRedelegate(writer: WireWriter, value: StakingRedelegate): void {
  checkLength(value.from, 'StakingRedelegate.from', LIMITS.publicKeyBytes)
  if (value.from.length > 0) writer.copy(10, value.from, 'StakingRedelegate.from', LIMITS.publicKeyBytes)
  checkLength(value.to, 'StakingRedelegate.to', LIMITS.publicKeyBytes)
  if (value.to.length > 0) writer.copy(18, value.to, 'StakingRedelegate.to', LIMITS.publicKeyBytes)
  if (value.liquid !== 0n) writer.amount(24, value.liquid, 'StakingRedelegate.liquid')
  if (value.earned !== 0n) writer.amount(32, value.earned, 'StakingRedelegate.earned')
}

/** Codec of {@link StakingRedelegate}, at most `LIMITS.actionBytes`. */
export const StakingRedelegate: Codec<StakingRedelegate> = /* @__PURE__ */ messageCodec('StakingRedelegate', LIMITS.actionBytes, readStakingRedelegate, writeStakingRedelegate)

/** Takes bonded coins back: as what they came in, after the time of unbonding. Kind `staking/unbond`. */
export interface StakingUnbond {
  /** The validator's key. */
  readonly validator: Uint8Array
  /** Coins that came in as liquid ones. */
  readonly liquid: bigint
  /** Coins that came in as earned ones. */
  readonly earned: bigint
  /** Whether the earned ones go on into the exit queue then, rather than back to the account. */
  readonly exit: boolean
}

export function readStakingUnbond(reader: WireReader): StakingUnbond {
  let validator: Uint8Array = new Uint8Array(0)
  let liquid: bigint = 0n
  let earned: bigint = 0n
  let exit: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('StakingUnbond.validator', LIMITS.publicKeyBytes)
        break
      case 16:
        liquid = reader.amount('StakingUnbond.liquid')
        break
      case 24:
        earned = reader.amount('StakingUnbond.earned')
        break
      case 32:
        exit = reader.bool('StakingUnbond.exit')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'StakingUnbond.validator', LIMITS.publicKeyBytes)
  return { validator, liquid, earned, exit }
}

export function writeStakingUnbond(writer: WireWriter, value: StakingUnbond): void {
  checkLength(value.validator, 'StakingUnbond.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'StakingUnbond.validator', LIMITS.publicKeyBytes)
  if (value.liquid !== 0n) writer.amount(16, value.liquid, 'StakingUnbond.liquid')
  if (value.earned !== 0n) writer.amount(24, value.earned, 'StakingUnbond.earned')
  if (value.exit) writer.uint(32, value.exit ? 1 : 0, 'StakingUnbond.exit', 1)
}

/** Codec of {@link StakingUnbond}, at most `LIMITS.actionBytes`. */
export const StakingUnbond: Codec<StakingUnbond> = /* @__PURE__ */ messageCodec('StakingUnbond', LIMITS.actionBytes, readStakingUnbond, writeStakingUnbond)

/** Pays out the rewards of all bonds of the sender. Kind `staking/claim`. */

export type StakingClaim = Record<never, never>

export function readStakingClaim(reader: WireReader): StakingClaim {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.refuse(tag)
    }
  }
  return {  }
}

export function writeStakingClaim(_writer: WireWriter, _value: StakingClaim): void {

}

/** Codec of {@link StakingClaim}, at most `LIMITS.actionBytes`. */
export const StakingClaim: Codec<StakingClaim> = /* @__PURE__ */ messageCodec('StakingClaim', LIMITS.actionBytes, readStakingClaim, writeStakingClaim)

/** Lets a jailed validator stand for election again. Kind `staking/unjail`. */
export interface StakingUnjail {
  /** The validator's key; the sender owns it. */
  readonly validator: Uint8Array
}

export function readStakingUnjail(reader: WireReader): StakingUnjail {
  let validator: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('StakingUnjail.validator', LIMITS.publicKeyBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'StakingUnjail.validator', LIMITS.publicKeyBytes)
  return { validator }
}

export function writeStakingUnjail(writer: WireWriter, value: StakingUnjail): void {
  checkLength(value.validator, 'StakingUnjail.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'StakingUnjail.validator', LIMITS.publicKeyBytes)
}

/** Codec of {@link StakingUnjail}, at most `LIMITS.actionBytes`. */
export const StakingUnjail: Codec<StakingUnjail> = /* @__PURE__ */ messageCodec('StakingUnjail', LIMITS.actionBytes, readStakingUnjail, writeStakingUnjail)

/** Changes a validator's commission, by a step at most and once in an epoch. Kind `staking/commission`. */
export interface StakingCommission {
  /** The validator's key; the sender owns it. */
  readonly validator: Uint8Array
  /** The share of its stakers' rewards that the owner keeps from now on, in millionths. */
  readonly commission: number
}

export function readStakingCommission(reader: WireReader): StakingCommission {
  let validator: Uint8Array = new Uint8Array(0)
  let commission: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('StakingCommission.validator', LIMITS.publicKeyBytes)
        break
      case 16:
        commission = reader.uint32('StakingCommission.commission')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'StakingCommission.validator', LIMITS.publicKeyBytes)
  return { validator, commission }
}

export function writeStakingCommission(writer: WireWriter, value: StakingCommission): void {
  checkLength(value.validator, 'StakingCommission.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'StakingCommission.validator', LIMITS.publicKeyBytes)
  if (value.commission !== 0) writer.uint(16, value.commission, 'StakingCommission.commission', 0xffff_ffff)
}

/** Codec of {@link StakingCommission}, at most `LIMITS.actionBytes`. */
export const StakingCommission: Codec<StakingCommission> = /* @__PURE__ */ messageCodec('StakingCommission', LIMITS.actionBytes, readStakingCommission, writeStakingCommission)

/** A validator, under `staking/validators/<key in hexadecimal>`. It is kept for ever: its faults may still be asked for. */
export interface ValidatorRecord {
  /** Address of who owns it. */
  readonly owner: Uint8Array
  /** The share of its stakers' rewards that the owner keeps, in millionths. */
  readonly commission: number
  /** The epoch in which the commission was last changed. */
  readonly commissionEpoch: number
  /** Coins that answer for every fault that can still be punished. */
  readonly seasoned: bigint
  /** Coins that came later, by the first epoch for which they answer. */
  readonly joined: readonly JoinedStake[]
  /** Bonds to it. */
  readonly bonds: number
  /** Rewards for 10^9 base units that were bonded all the time, since the beginning. */
  readonly rewardIndex: bigint
  /** Rewards that nobody has claimed. */
  readonly rewards: bigint
  /** The part of them that was too little for the index. */
  readonly carry: bigint
  /** Its owner may unjail it from this time on; absent when it is not jailed. */
  readonly jailedUntilMs?: number | undefined
  /** Whether it broke consensus: it is never elected again. */
  readonly tombstoned: boolean
  /** What was taken from its stakers, in the order in which it was. */
  readonly slashes: readonly SlashEntry[]
  /** The latest epoch whose coins are among the seasoned ones; slashes for epochs before it are not possible. */
  readonly seasonedUntil: number
}

export function readValidatorRecord(reader: WireReader): ValidatorRecord {
  let owner: Uint8Array = new Uint8Array(0)
  let commission: number = 0
  let commissionEpoch: number = 0
  let seasoned: bigint = 0n
  const joined: JoinedStake[] = []
  let bonds: number = 0
  let rewardIndex: bigint = 0n
  let rewards: bigint = 0n
  let carry: bigint = 0n
  let jailedUntilMs: number | undefined
  let tombstoned: boolean = false
  const slashes: SlashEntry[] = []
  let seasonedUntil: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        owner = reader.copy('ValidatorRecord.owner', LIMITS.hashBytes)
        break
      case 16:
        commission = reader.uint32('ValidatorRecord.commission')
        break
      case 24:
        commissionEpoch = reader.varint('ValidatorRecord.commissionEpoch')
        break
      case 32:
        seasoned = reader.amount('ValidatorRecord.seasoned')
        break
      case 42:
        reader.room('ValidatorRecord.joined', joined.length, LIMITS.evidenceEpochs)
        joined.push(reader.nested('ValidatorRecord.joined', readJoinedStake))
        break
      case 48:
        bonds = reader.uint32('ValidatorRecord.bonds')
        break
      case 56:
        rewardIndex = reader.amount('ValidatorRecord.rewardIndex')
        break
      case 64:
        rewards = reader.amount('ValidatorRecord.rewards')
        break
      case 72:
        carry = reader.amount('ValidatorRecord.carry')
        break
      case 80:
        jailedUntilMs = reader.varint('ValidatorRecord.jailedUntilMs')
        break
      case 88:
        tombstoned = reader.bool('ValidatorRecord.tombstoned')
        break
      case 98:
        reader.room('ValidatorRecord.slashes', slashes.length, LIMITS.slashes)
        slashes.push(reader.nested('ValidatorRecord.slashes', readSlashEntry))
        break
      case 104:
        seasonedUntil = reader.varint('ValidatorRecord.seasonedUntil')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(owner, 'ValidatorRecord.owner', LIMITS.hashBytes)
  return { owner, commission, commissionEpoch, seasoned, joined, bonds, rewardIndex, rewards, carry, jailedUntilMs, tombstoned, slashes, seasonedUntil }
}

export function writeValidatorRecord(writer: WireWriter, value: ValidatorRecord): void {
  checkLength(value.owner, 'ValidatorRecord.owner', LIMITS.hashBytes)
  if (value.owner.length > 0) writer.copy(10, value.owner, 'ValidatorRecord.owner', LIMITS.hashBytes)
  if (value.commission !== 0) writer.uint(16, value.commission, 'ValidatorRecord.commission', 0xffff_ffff)
  if (value.commissionEpoch !== 0) writer.uint(24, value.commissionEpoch, 'ValidatorRecord.commissionEpoch', Number.MAX_SAFE_INTEGER)
  if (value.seasoned !== 0n) writer.amount(32, value.seasoned, 'ValidatorRecord.seasoned')
  writer.items('ValidatorRecord.joined', value.joined.length, LIMITS.evidenceEpochs)
  for (const item of value.joined) writer.nested(42, item, writeJoinedStake)
  if (value.bonds !== 0) writer.uint(48, value.bonds, 'ValidatorRecord.bonds', 0xffff_ffff)
  if (value.rewardIndex !== 0n) writer.amount(56, value.rewardIndex, 'ValidatorRecord.rewardIndex')
  if (value.rewards !== 0n) writer.amount(64, value.rewards, 'ValidatorRecord.rewards')
  if (value.carry !== 0n) writer.amount(72, value.carry, 'ValidatorRecord.carry')
  if (value.jailedUntilMs !== undefined) writer.uint(80, value.jailedUntilMs, 'ValidatorRecord.jailedUntilMs', Number.MAX_SAFE_INTEGER)
  if (value.tombstoned) writer.uint(88, value.tombstoned ? 1 : 0, 'ValidatorRecord.tombstoned', 1)
  writer.items('ValidatorRecord.slashes', value.slashes.length, LIMITS.slashes)
  for (const item of value.slashes) writer.nested(98, item, writeSlashEntry)
  if (value.seasonedUntil !== 0) writer.uint(104, value.seasonedUntil, 'ValidatorRecord.seasonedUntil', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link ValidatorRecord}, at most `LIMITS.validatorRecordBytes`. */
export const ValidatorRecord: Codec<ValidatorRecord> = /* @__PURE__ */ messageCodec('ValidatorRecord', LIMITS.validatorRecordBytes, readValidatorRecord, writeValidatorRecord)

/** Coins that answer for a validator from one epoch on. */
export interface JoinedStake {
  /** The epoch: the one after that in which they were bonded. */
  readonly epoch: number
  /** How many. */
  readonly amount: bigint
}

export function readJoinedStake(reader: WireReader): JoinedStake {
  let epoch: number = 0
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        epoch = reader.varint('JoinedStake.epoch')
        break
      case 16:
        amount = reader.amount('JoinedStake.amount')
        break
      default:
        reader.skip(tag)
    }
  }
  return { epoch, amount }
}

export function writeJoinedStake(writer: WireWriter, value: JoinedStake): void {
  if (value.epoch !== 0) writer.uint(8, value.epoch, 'JoinedStake.epoch', Number.MAX_SAFE_INTEGER)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'JoinedStake.amount')
}

/** What a validator's fault took from the coins behind it. */
export interface SlashEntry {
  /** The epoch whose election the fault was made under. */
  readonly epoch: number
  /** The share that was taken, in millionths. */
  readonly share: number
  /** The validator's reward index when it was taken. */
  readonly rewardIndex: bigint
}

export function readSlashEntry(reader: WireReader): SlashEntry {
  let epoch: number = 0
  let share: number = 0
  let rewardIndex: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        epoch = reader.varint('SlashEntry.epoch')
        break
      case 16:
        share = reader.uint32('SlashEntry.share')
        break
      case 24:
        rewardIndex = reader.amount('SlashEntry.rewardIndex')
        break
      default:
        reader.skip(tag)
    }
  }
  return { epoch, share, rewardIndex }
}

export function writeSlashEntry(writer: WireWriter, value: SlashEntry): void {
  if (value.epoch !== 0) writer.uint(8, value.epoch, 'SlashEntry.epoch', Number.MAX_SAFE_INTEGER)
  if (value.share !== 0) writer.uint(16, value.share, 'SlashEntry.share', 0xffff_ffff)
  if (value.rewardIndex !== 0n) writer.amount(24, value.rewardIndex, 'SlashEntry.rewardIndex')
}

/**
 * What somebody has bonded, under `staking/stakers/<address in hexadecimal>`. Slashes and rewards since it was last
 * touched are still to be counted.
 */
export interface StakerRecord {
  /** Bonds, oldest first. */
  readonly bonds: readonly Bond[]
  /** Coins on their way back, in the order in which they come. */
  readonly unbonding: readonly Unbonding[]
}

export function readStakerRecord(reader: WireReader): StakerRecord {
  const bonds: Bond[] = []
  const unbonding: Unbonding[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('StakerRecord.bonds', bonds.length, LIMITS.bonds)
        bonds.push(reader.nested('StakerRecord.bonds', readBond))
        break
      case 18:
        reader.room('StakerRecord.unbonding', unbonding.length, LIMITS.unbondings)
        unbonding.push(reader.nested('StakerRecord.unbonding', readUnbonding))
        break
      default:
        reader.skip(tag)
    }
  }
  return { bonds, unbonding }
}

export function writeStakerRecord(writer: WireWriter, value: StakerRecord): void {
  writer.items('StakerRecord.bonds', value.bonds.length, LIMITS.bonds)
  for (const item of value.bonds) writer.nested(10, item, writeBond)
  writer.items('StakerRecord.unbonding', value.unbonding.length, LIMITS.unbondings)
  for (const item of value.unbonding) writer.nested(18, item, writeUnbonding)
}

/** Codec of {@link StakerRecord}, at most `LIMITS.stakerRecordBytes`. */
export const StakerRecord: Codec<StakerRecord> = /* @__PURE__ */ messageCodec('StakerRecord', LIMITS.stakerRecordBytes, readStakerRecord, writeStakerRecord)

/** Coins bonded to a validator, remembering what they were. */
export interface Bond {
  /** The validator, the time for which they answer for it, and the slashes that are counted. */
  readonly liability?: Liability | undefined
  /** The coins. */
  readonly purse?: Purse | undefined
  /** The validator's reward index up to which they have been paid. */
  readonly rewardIndex: bigint
  /** Validators that they left, and still answer for. */
  readonly past: readonly Liability[]
}

export function readBond(reader: WireReader): Bond {
  let liability: Liability | undefined
  let purse: Purse | undefined
  let rewardIndex: bigint = 0n
  const past: Liability[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        liability = reader.nested('Bond.liability', readLiability)
        break
      case 18:
        purse = reader.nested('Bond.purse', readPurse)
        break
      case 24:
        rewardIndex = reader.amount('Bond.rewardIndex')
        break
      case 34:
        reader.room('Bond.past', past.length, LIMITS.liabilities)
        past.push(reader.nested('Bond.past', readLiability))
        break
      default:
        reader.skip(tag)
    }
  }
  return { liability, purse, rewardIndex, past }
}

export function writeBond(writer: WireWriter, value: Bond): void {
  if (value.liability !== undefined) writer.nested(10, value.liability, writeLiability)
  if (value.purse !== undefined) writer.nested(18, value.purse, writePurse)
  if (value.rewardIndex !== 0n) writer.amount(24, value.rewardIndex, 'Bond.rewardIndex')
  writer.items('Bond.past', value.past.length, LIMITS.liabilities)
  for (const item of value.past) writer.nested(34, item, writeLiability)
}

/** That some coins answer for a validator's faults. */
export interface Liability {
  /** The validator's key. */
  readonly validator: Uint8Array
  /** The first epoch for whose election they answer: the one after that in which they were bonded. */
  readonly since: number
  /** The last one: that in which they left; absent while they have not. */
  readonly until?: number | undefined
  /** Slashes of the validator that they have paid for, or that were before them. */
  readonly slashes: number
  /** Ledger time at which no evidence can concern them any more; absent while they are bonded. */
  readonly endsMs?: number | undefined
}

export function readLiability(reader: WireReader): Liability {
  let validator: Uint8Array = new Uint8Array(0)
  let since: number = 0
  let until: number | undefined
  let slashes: number = 0
  let endsMs: number | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('Liability.validator', LIMITS.publicKeyBytes)
        break
      case 16:
        since = reader.varint('Liability.since')
        break
      case 24:
        until = reader.varint('Liability.until')
        break
      case 32:
        slashes = reader.uint32('Liability.slashes')
        break
      case 40:
        endsMs = reader.varint('Liability.endsMs')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(validator, 'Liability.validator', LIMITS.publicKeyBytes)
  return { validator, since, until, slashes, endsMs }
}

export function writeLiability(writer: WireWriter, value: Liability): void {
  checkLength(value.validator, 'Liability.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'Liability.validator', LIMITS.publicKeyBytes)
  if (value.since !== 0) writer.uint(16, value.since, 'Liability.since', Number.MAX_SAFE_INTEGER)
  if (value.until !== undefined) writer.uint(24, value.until, 'Liability.until', Number.MAX_SAFE_INTEGER)
  if (value.slashes !== 0) writer.uint(32, value.slashes, 'Liability.slashes', 0xffff_ffff)
  if (value.endsMs !== undefined) writer.uint(40, value.endsMs, 'Liability.endsMs', Number.MAX_SAFE_INTEGER)
}

/** Coins on their way back. */
export interface Unbonding {
  /** The coins. */
  readonly purse?: Purse | undefined
  /** Ledger time at which they are there. */
  readonly endsMs: number
  /** Whether the earned ones go on into the exit queue. */
  readonly exit: boolean
  /** Validators whose faults they answer for. */
  readonly liabilities: readonly Liability[]
}

export function readUnbonding(reader: WireReader): Unbonding {
  let purse: Purse | undefined
  let endsMs: number = 0
  let exit: boolean = false
  const liabilities: Liability[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        purse = reader.nested('Unbonding.purse', readPurse)
        break
      case 16:
        endsMs = reader.varint('Unbonding.endsMs')
        break
      case 24:
        exit = reader.bool('Unbonding.exit')
        break
      case 34:
        reader.room('Unbonding.liabilities', liabilities.length, LIMITS.unbondingLiabilities)
        liabilities.push(reader.nested('Unbonding.liabilities', readLiability))
        break
      default:
        reader.skip(tag)
    }
  }
  return { purse, endsMs, exit, liabilities }
}

export function writeUnbonding(writer: WireWriter, value: Unbonding): void {
  if (value.purse !== undefined) writer.nested(10, value.purse, writePurse)
  if (value.endsMs !== 0) writer.uint(16, value.endsMs, 'Unbonding.endsMs', Number.MAX_SAFE_INTEGER)
  if (value.exit) writer.uint(24, value.exit ? 1 : 0, 'Unbonding.exit', 1)
  writer.items('Unbonding.liabilities', value.liabilities.length, LIMITS.unbondingLiabilities)
  for (const item of value.liabilities) writer.nested(34, item, writeLiability)
}

/** A place in a queue of what falls due, under `<queue>/<number>`. */
export interface DueItem {
  /** Whom it concerns: an address, or a node's key. */
  readonly subject: Uint8Array
  /** Ledger time at which it is due. */
  readonly dueMs: number
}

export function readDueItem(reader: WireReader): DueItem {
  let subject: Uint8Array = new Uint8Array(0)
  let dueMs: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        subject = reader.copy('DueItem.subject', LIMITS.hashBytes)
        break
      case 16:
        dueMs = reader.varint('DueItem.dueMs')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(subject, 'DueItem.subject', LIMITS.hashBytes)
  return { subject, dueMs }
}

export function writeDueItem(writer: WireWriter, value: DueItem): void {
  checkLength(value.subject, 'DueItem.subject', LIMITS.hashBytes)
  if (value.subject.length > 0) writer.copy(10, value.subject, 'DueItem.subject', LIMITS.hashBytes)
  if (value.dueMs !== 0) writer.uint(16, value.dueMs, 'DueItem.dueMs', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link DueItem}, at most `LIMITS.stakingSmallBytes`. */
export const DueItem: Codec<DueItem> = /* @__PURE__ */ messageCodec('DueItem', LIMITS.stakingSmallBytes, readDueItem, writeDueItem)

/** The ends of a queue, under its name. */
export interface DueQueue {
  /** Number of the first that waits. */
  readonly head: number
  /** Number that the next one gets. */
  readonly tail: number
}

export function readDueQueue(reader: WireReader): DueQueue {
  let head: number = 0
  let tail: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        head = reader.varint('DueQueue.head')
        break
      case 16:
        tail = reader.varint('DueQueue.tail')
        break
      default:
        reader.skip(tag)
    }
  }
  return { head, tail }
}

export function writeDueQueue(writer: WireWriter, value: DueQueue): void {
  if (value.head !== 0) writer.uint(8, value.head, 'DueQueue.head', Number.MAX_SAFE_INTEGER)
  if (value.tail !== 0) writer.uint(16, value.tail, 'DueQueue.tail', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link DueQueue}, at most `LIMITS.stakingSmallBytes`. */
export const DueQueue: Codec<DueQueue> = /* @__PURE__ */ messageCodec('DueQueue', LIMITS.stakingSmallBytes, readDueQueue, writeDueQueue)

/** Validators that may be elected, under `staking/candidates`. */
export interface Candidates {
  /** Their keys, sorted. */
  readonly validators: readonly Uint8Array[]
}

export function readCandidates(reader: WireReader): Candidates {
  const validators: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('Candidates.validators', validators.length, LIMITS.candidates)
        validators.push(reader.copy('Candidates.validators', LIMITS.publicKeyBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  return { validators }
}

export function writeCandidates(writer: WireWriter, value: Candidates): void {
  writer.items('Candidates.validators', value.validators.length, LIMITS.candidates)
  for (const item of value.validators) writer.copy(10, item, 'Candidates.validators', LIMITS.publicKeyBytes)
}

/** Codec of {@link Candidates}, at most `LIMITS.candidatesBytes`. */
export const Candidates: Codec<Candidates> = /* @__PURE__ */ messageCodec('Candidates', LIMITS.candidatesBytes, readCandidates, writeCandidates)

/** Elections that evidence may still be about, under `staking/elections`. */
export interface Elections {
  /** Oldest first; the last one is in force, or will be with the block after next. */
  readonly elections: readonly Election[]
}

export function readElections(reader: WireReader): Elections {
  const elections: Election[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('Elections.elections', elections.length, LIMITS.elections)
        elections.push(reader.nested('Elections.elections', readElection))
        break
      default:
        reader.skip(tag)
    }
  }
  return { elections }
}

export function writeElections(writer: WireWriter, value: Elections): void {
  writer.items('Elections.elections', value.elections.length, LIMITS.elections)
  for (const item of value.elections) writer.nested(10, item, writeElection)
}

/** Codec of {@link Elections}, at most `LIMITS.electionsBytes`. */
export const Elections: Codec<Elections> = /* @__PURE__ */ messageCodec('Elections', LIMITS.electionsBytes, readElections, writeElections)

/** One election: at the beginning of an epoch, or when a validator was jailed. */
export interface Election {
  /** The first height that its set decides. */
  readonly height: number
  /** The epoch. */
  readonly epoch: number
  /** Ledger time at which the epoch began: no fault under this election is older. */
  readonly timeMs: number
  /**
   * The height under which its ValidatorSet is kept, in `staking/sets/<height>`; an election that changes nothing
   * refers to the one before.
   */
  readonly set: number
}

export function readElection(reader: WireReader): Election {
  let height: number = 0
  let epoch: number = 0
  let timeMs: number = 0
  let set: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('Election.height')
        break
      case 16:
        epoch = reader.varint('Election.epoch')
        break
      case 24:
        timeMs = reader.varint('Election.timeMs')
        break
      case 32:
        set = reader.varint('Election.set')
        break
      default:
        reader.skip(tag)
    }
  }
  return { height, epoch, timeMs, set }
}

export function writeElection(writer: WireWriter, value: Election): void {
  if (value.height !== 0) writer.uint(8, value.height, 'Election.height', Number.MAX_SAFE_INTEGER)
  if (value.epoch !== 0) writer.uint(16, value.epoch, 'Election.epoch', Number.MAX_SAFE_INTEGER)
  if (value.timeMs !== 0) writer.uint(24, value.timeMs, 'Election.timeMs', Number.MAX_SAFE_INTEGER)
  if (value.set !== 0) writer.uint(32, value.set, 'Election.set', Number.MAX_SAFE_INTEGER)
}

/** Coins of validators and stakers that are divided when the epoch ends, under `staking/pool`. */
export interface StakersPool {
  /** How many. */
  readonly amount: bigint
}

export function readStakersPool(reader: WireReader): StakersPool {
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        amount = reader.amount('StakersPool.amount')
        break
      default:
        reader.skip(tag)
    }
  }
  return { amount }
}

export function writeStakersPool(writer: WireWriter, value: StakersPool): void {
  if (value.amount !== 0n) writer.amount(8, value.amount, 'StakersPool.amount')
}

/** Codec of {@link StakersPool}, at most `LIMITS.stakingSmallBytes`. */
export const StakersPool: Codec<StakersPool> = /* @__PURE__ */ messageCodec('StakersPool', LIMITS.stakingSmallBytes, readStakersPool, writeStakersPool)
