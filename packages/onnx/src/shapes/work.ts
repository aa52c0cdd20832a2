/** What computing takes. */
export interface Work {
  /** Multiply-adds of contractions: convolutions, matrix products, attention, recurrence. */
  readonly macs: bigint
  /** Elementary operations of everything else. */
  readonly operations: bigint
  /** Bytes read and written. */
  readonly bytes: bigint
}

/** Nothing to do. */
export const NO_WORK: Work = Object.freeze({ macs: 0n, operations: 0n, bytes: 0n })

export function addWork(a: Work, b: Work): Work {
  return { macs: a.macs + b.macs, operations: a.operations + b.operations, bytes: a.bytes + b.bytes }
}

export function scaleWork({ macs, operations, bytes }: Work, times: bigint): Work {
  return { macs: macs * times, operations: operations * times, bytes: bytes * times }
}

/** How many multiply-adds a processor does in the time it takes to move one byte. */
const UNITS_PER_BYTE = 2n

/** Work units: multiply-adds, elementary operations, and two for every byte moved. */
export function unitsOf({ macs, operations, bytes }: Work): bigint {
  return macs + operations + UNITS_PER_BYTE * bytes
}
