/** What computing takes. */
export interface Work {
  /** Operators that run. */
  readonly calls: bigint
  /** Multiply-adds of contractions: convolutions, matrix products, attention, recurrence. */
  readonly macs: bigint
  /** Elementary operations of everything else. */
  readonly operations: bigint
  /** Bytes read and written. */
  readonly bytes: bigint
}

/** Nothing to do. */
export const NO_WORK: Work = Object.freeze({ calls: 0n, macs: 0n, operations: 0n, bytes: 0n })

export function addWork(a: Work, b: Work): Work {
  return {
    calls: a.calls + b.calls,
    macs: a.macs + b.macs,
    operations: a.operations + b.operations,
    bytes: a.bytes + b.bytes,
  }
}

export function scaleWork({ calls, macs, operations, bytes }: Work, times: bigint): Work {
  return { calls: calls * times, macs: macs * times, operations: operations * times, bytes: bytes * times }
}

/** How many multiply-adds a processor does in the time it takes to move one byte. */
const UNITS_PER_BYTE = 2n
/** How many it does in the time it takes to begin an operator: a loop over tiny tensors is not for nothing. */
const UNITS_PER_CALL = 16_384n

/** Work units: multiply-adds, elementary operations, two for every byte moved, 16,384 for every operator that runs. */
export function unitsOf({ calls, macs, operations, bytes }: Work): bigint {
  return macs + operations + UNITS_PER_BYTE * bytes + UNITS_PER_CALL * calls
}
