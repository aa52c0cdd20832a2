import type { ElementType } from '@neurovoyance/protocol'

/**
 * Element types of the Open Inference Protocol and ours.
 * Source: https://github.com/kserve/open-inference-protocol, "Tensor Data Types".
 */
const PAIRS: readonly (readonly [string, ElementType, number])[] = [
  ['BOOL', 'bool', 1],
  ['UINT8', 'uint8', 1],
  ['UINT16', 'uint16', 2],
  ['UINT32', 'uint32', 4],
  ['UINT64', 'uint64', 8],
  ['INT8', 'int8', 1],
  ['INT16', 'int16', 2],
  ['INT32', 'int32', 4],
  ['INT64', 'int64', 8],
  ['FP16', 'float16', 2],
  ['FP32', 'float32', 4],
  ['FP64', 'float64', 8],
  ['BYTES', 'string', 0],
]

const TYPES = new Map(PAIRS.map(([name, type]) => [name, type]))
const NAMES = new Map(PAIRS.map(([name, type]) => [type, name]))

/** Our element type of a protocol datatype; `undefined` for one that models here cannot take. */
export function elementTypeOf(datatype: string): ElementType | undefined {
  return TYPES.get(datatype)
}

/** The protocol's datatype of an element type; 4-bit integers have none and keep their own name. */
export function datatypeOf(type: ElementType): string {
  return NAMES.get(type) ?? type.toUpperCase()
}
