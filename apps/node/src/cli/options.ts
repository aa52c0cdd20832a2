import { isAddress, parseAmount } from '@neurovoyance/protocol'
import { InvalidArgumentError } from 'commander'
import { NodeError } from '../errors.js'

/** Reads an option that is a whole number in a range. */
export function integerOption(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
  }
}

/** Collects an option that may be given several times. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text]
}

/** Reads comma-separated numbers: `0.485,0.456,0.406`. */
export function numbersOption(text: string): number[] {
  const values = text.split(',').map(Number)
  if (values.length <= 4 && values.every(Number.isFinite)) return values
  throw new InvalidArgumentError('Give up to four numbers separated by commas.')
}

/** Reads an option that is an amount in NVY: `0.5`. */
export function amountOption(text: string): bigint {
  try {
    return parseAmount(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

/** An amount in NVY that an argument gives. @throws NodeError `NODE_USAGE` */
export function amountFrom(text: string): bigint {
  try {
    return parseAmount(text)
  } catch (cause) {
    throw new NodeError('NODE_USAGE', `${(cause as Error).message}.`, { cause })
  }
}

/** An address that an argument gives. @throws NodeError `NODE_USAGE` */
export function addressFrom(text: string): string {
  if (isAddress(text)) return text
  throw new NodeError(
    'NODE_USAGE',
    `'${text}' is no address: copy it again, it begins with nv1 and has a checksum.`,
  )
}
