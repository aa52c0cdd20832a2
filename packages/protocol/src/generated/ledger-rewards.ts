// Generated from proto/neurovoyance/ledger/v1/rewards.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** The paid work of one epoch, under `rewards/epochs/<epoch>`; gone when every worker has had a share. */
export interface EpochRewards {
  /** The most that may be minted for the epoch. */
  readonly budget: bigint
  /** The most that its work may have minted: a share of each payment, added up. */
  readonly allowance: bigint
  /** The part of the allowance whose workers have not had their share. */
  readonly unclaimed: bigint
}

export function readEpochRewards(reader: WireReader): EpochRewards {
  let budget: bigint = 0n
  let allowance: bigint = 0n
  let unclaimed: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        budget = reader.amount('EpochRewards.budget')
        break
      case 16:
        allowance = reader.amount('EpochRewards.allowance')
        break
      case 24:
        unclaimed = reader.amount('EpochRewards.unclaimed')
        break
      default:
        reader.skip(tag)
    }
  }
  return { budget, allowance, unclaimed }
}

export function writeEpochRewards(writer: WireWriter, value: EpochRewards): void {
  if (value.budget !== 0n) writer.amount(8, value.budget, 'EpochRewards.budget')
  if (value.allowance !== 0n) writer.amount(16, value.allowance, 'EpochRewards.allowance')
  if (value.unclaimed !== 0n) writer.amount(24, value.unclaimed, 'EpochRewards.unclaimed')
}

/** Codec of {@link EpochRewards}, at most `LIMITS.escrowBytes`. */
export const EpochRewards: Codec<EpochRewards> = /* @__PURE__ */ messageCodec('EpochRewards', LIMITS.escrowBytes, readEpochRewards, writeEpochRewards)

/**
 * A worker's part in the latest epoch with work of his, under `rewards/workers/<address in hexadecimal>`; gone when he
 * has had his share.
 */
export interface WorkerRewards {
  /** The epoch. */
  readonly epoch: number
  /** His part of its allowance. */
  readonly allowance: bigint
}

export function readWorkerRewards(reader: WireReader): WorkerRewards {
  let epoch: number = 0
  let allowance: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        epoch = reader.varint('WorkerRewards.epoch')
        break
      case 16:
        allowance = reader.amount('WorkerRewards.allowance')
        break
      default:
        reader.skip(tag)
    }
  }
  return { epoch, allowance }
}

export function writeWorkerRewards(writer: WireWriter, value: WorkerRewards): void {
  if (value.epoch !== 0) writer.uint(8, value.epoch, 'WorkerRewards.epoch', Number.MAX_SAFE_INTEGER)
  if (value.allowance !== 0n) writer.amount(16, value.allowance, 'WorkerRewards.allowance')
}

/** Codec of {@link WorkerRewards}, at most `LIMITS.escrowBytes`. */
export const WorkerRewards: Codec<WorkerRewards> = /* @__PURE__ */ messageCodec('WorkerRewards', LIMITS.escrowBytes, readWorkerRewards, writeWorkerRewards)

/** Where the schedule starts, under `rewards/start`. */
export interface RewardsStart {
  /** The epoch of the genesis. */
  readonly epoch: number
}

export function readRewardsStart(reader: WireReader): RewardsStart {
  let epoch: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        epoch = reader.varint('RewardsStart.epoch')
        break
      default:
        reader.skip(tag)
    }
  }
  return { epoch }
}

export function writeRewardsStart(writer: WireWriter, value: RewardsStart): void {
  if (value.epoch !== 0) writer.uint(8, value.epoch, 'RewardsStart.epoch', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link RewardsStart}, at most `LIMITS.escrowBytes`. */
export const RewardsStart: Codec<RewardsStart> = /* @__PURE__ */ messageCodec('RewardsStart', LIMITS.escrowBytes, readRewardsStart, writeRewardsStart)

/** Coins of everybody, under `treasury`. */
export interface Treasury {
  /** How many. */
  readonly amount: bigint
}

export function readTreasury(reader: WireReader): Treasury {
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        amount = reader.amount('Treasury.amount')
        break
      default:
        reader.skip(tag)
    }
  }
  return { amount }
}

export function writeTreasury(writer: WireWriter, value: Treasury): void {
  if (value.amount !== 0n) writer.amount(8, value.amount, 'Treasury.amount')
}

/** Codec of {@link Treasury}, at most `LIMITS.escrowBytes`. */
export const Treasury: Codec<Treasury> = /* @__PURE__ */ messageCodec('Treasury', LIMITS.escrowBytes, readTreasury, writeTreasury)

/**
 * Gives a worker his share of the latest epoch with work of his, when it is over. Anybody may ask; work of a later
 * epoch does it too. Kind `rewards/claim`.
 */
export interface RewardsClaim {
  /** Who gets it. */
  readonly worker: Uint8Array
}

export function readRewardsClaim(reader: WireReader): RewardsClaim {
  let worker: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        worker = reader.copy('RewardsClaim.worker', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(worker, 'RewardsClaim.worker', LIMITS.hashBytes)
  return { worker }
}

export function writeRewardsClaim(writer: WireWriter, value: RewardsClaim): void {
  checkLength(value.worker, 'RewardsClaim.worker', LIMITS.hashBytes)
  if (value.worker.length > 0) writer.copy(10, value.worker, 'RewardsClaim.worker', LIMITS.hashBytes)
}

/** Codec of {@link RewardsClaim}, at most `LIMITS.actionBytes`. */
export const RewardsClaim: Codec<RewardsClaim> = /* @__PURE__ */ messageCodec('RewardsClaim', LIMITS.actionBytes, readRewardsClaim, writeRewardsClaim)
