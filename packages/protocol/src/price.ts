import type { NvyPrice } from './generated/index.js'

/** Work units that `NvyPrice.perBillion` is for. */
const BILLION = 1_000_000_000n

/** What work costs, in base units, rounded up: a client and a node compute the same. */
export function dueFor(
  { perBillion, minimum }: Pick<NvyPrice, 'perBillion' | 'minimum'>,
  units: bigint,
): bigint {
  const due = (perBillion * units + BILLION - 1n) / BILLION
  return due > minimum ? due : minimum
}
