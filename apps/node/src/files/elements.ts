import { createTensor, type ElementType, type Tensor } from '@neurovoyance/protocol'
import { floatToHalf, halfToFloat } from './float16.js'

/** A JSON scalar that stands for one tensor element; large integers as strings. */
export type JsonElement = number | string | boolean

/**
 * Makes a tensor of JSON elements in row-major order.
 *
 * Numbers for every numeric type, `true`/`false` or 0/1 for bool, strings for string; integers beyond
 * 2^53 as decimal strings. 4-bit integers have no JSON form.
 *
 * @throws TypeError naming the first element that does not fit.
 */
export function tensorFromElements(
  type: ElementType,
  elements: readonly unknown[],
  dims: readonly number[],
): Tensor {
  return createTensor(type, fill(type, elements), dims)
}

/** A tensor's elements as JSON, row-major: the inverse of {@link tensorFromElements}. */
export function tensorToElements(tensor: Tensor): JsonElement[] {
  if (!ArrayBuffer.isView(tensor.data)) return [...tensor.data]
  if (tensor.type === 'bool') return Array.from(tensor.data as Uint8Array, value => value !== 0)
  if (tensor.type === 'float16') return Array.from(tensor.data as Uint16Array, halfToFloat)
  if (tensor.type === 'int64' || tensor.type === 'uint64') {
    return Array.from(tensor.data as BigInt64Array, value =>
      Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
    )
  }
  if (tensor.type === 'int4' || tensor.type === 'uint4')
    throw new TypeError(`${tensor.type} has no JSON form`)
  return Array.from(tensor.data as Float32Array)
}

function fill(type: ElementType, elements: readonly unknown[]): Tensor['data'] {
  switch (type) {
    case 'string':
      return elements.map((element, index) =>
        typeof element === 'string' ? element : refuse(type, element, index),
      )
    case 'bool':
      return Uint8Array.from(elements, (element, index) =>
        Number(
          typeof element === 'boolean' || element === 0 || element === 1
            ? element
            : refuse(type, element, index),
        ),
      )
    case 'int64':
      return BigInt64Array.from(elements, (element, index) =>
        integer(type, element, index, -(2n ** 63n), 2n ** 63n - 1n),
      )
    case 'uint64':
      return BigUint64Array.from(elements, (element, index) =>
        integer(type, element, index, 0n, 2n ** 64n - 1n),
      )
    case 'float16':
      return Uint16Array.from(elements, (element, index) => floatToHalf(number(type, element, index)))
    case 'float32':
      return Float32Array.from(elements, (element, index) => number(type, element, index))
    case 'float64':
      return Float64Array.from(elements, (element, index) => number(type, element, index))
    case 'int8':
      return Int8Array.from(elements, (element, index) => small(type, element, index, -128, 127))
    case 'uint8':
      return Uint8Array.from(elements, (element, index) => small(type, element, index, 0, 255))
    case 'int16':
      return Int16Array.from(elements, (element, index) => small(type, element, index, -32_768, 32_767))
    case 'uint16':
      return Uint16Array.from(elements, (element, index) => small(type, element, index, 0, 65_535))
    case 'int32':
      return Int32Array.from(elements, (element, index) =>
        small(type, element, index, -(2 ** 31), 2 ** 31 - 1),
      )
    case 'uint32':
      return Uint32Array.from(elements, (element, index) => small(type, element, index, 0, 2 ** 32 - 1))
    default:
      throw new TypeError(`${type} has no JSON form`)
  }
}

function number(type: ElementType, element: unknown, index: number): number {
  return typeof element === 'number' ? element : refuse(type, element, index)
}

function small(type: ElementType, element: unknown, index: number, least: number, most: number): number {
  const value = Number.isInteger(element) ? (element as number) : refuse(type, element, index)
  return value >= least && value <= most ? value : refuse(type, element, index)
}

function integer(type: ElementType, element: unknown, index: number, least: bigint, most: bigint): bigint {
  const readable =
    Number.isSafeInteger(element) || (typeof element === 'string' && /^-?\d{1,20}$/.test(element))
  const value = readable ? BigInt(element as number | string) : refuse(type, element, index)
  return value >= least && value <= most ? value : refuse(type, element, index)
}

function refuse(type: ElementType, element: unknown, index: number): never {
  throw new TypeError(`element ${index} (${JSON.stringify(element)?.slice(0, 40)}) is not a ${type}`)
}
