import { type Machine, openTransaction } from '@neurovoyance/ledger'

/** The base fee rises by an eighth a block at most: twice of it is enough for five full blocks. */
const HEADROOM = 2n

/** What a transaction is expected to cost, in base units. */
export interface FeeEstimate {
  /** By the base fee of now, tip included. */
  readonly fee: bigint
  /** What it may cost at most: the base fee may rise before a block takes it. */
  readonly maxFee: bigint
  /** What it weighs: its bytes, signatures and actions. */
  readonly weight: number
}

/** What a signed transaction weighs on a chain. */
export function weightOf(machine: Machine, bytes: Uint8Array): number {
  // whether the signatures hold changes nothing about the weight
  const { weight, body } = openTransaction(bytes, { chainId: machine.chainId, verify: () => true })
  return body.actions.reduce((sum, { kind }) => sum + (machine.weightOf(kind) ?? 0), weight)
}

/** What a weight costs. */
export function feeFor(weight: number, baseFee: bigint, tip: bigint): FeeEstimate {
  const units = BigInt(weight)
  return { weight, fee: units * (baseFee + tip), maxFee: units * (baseFee * HEADROOM + tip) }
}
