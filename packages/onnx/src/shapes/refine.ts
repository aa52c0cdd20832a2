import type { TensorType, ValueInfo, ValueType } from '../model/model.js'
import { limitExceeded } from '../wire/rejection.js'
import { MAX_RANK } from './call.js'
import { conflict } from './conflict.js'
import { MAX_VALUES } from './constants.js'
import type { Fact } from './fact.js'
import { highOf, lowOf, type Size, symbol } from './size.js'

/** What a model's own notes say of its values. */
export type Declared = ReadonlyMap<string, TensorType>

/** Types that a graph notes for its values. */
export function declaredTypes(lists: readonly (readonly ValueInfo[])[]): Declared {
  const declared = new Map<string, TensorType>()
  for (const list of lists) {
    for (const { name, type } of list) {
      const tensor = tensorOf(type)
      if (tensor !== undefined) declared.set(name, tensor)
    }
  }
  return declared
}

/** The tensor type in an optional or a sequence, or the type itself. */
export function tensorOf(type: ValueType | undefined): TensorType | undefined {
  if (type?.kind === 'optional' || type?.kind === 'sequence') return tensorOf(type.element)
  return type?.kind === 'tensor' || type?.kind === 'sparse-tensor' ? type : undefined
}

/** What a declared type says: symbols are given sizes where they have some, and stand for themselves elsewhere. */
export function declaredFact(
  { elementType, dims }: TensorType,
  symbols: ReadonlyMap<string, number> | undefined,
  fresh: () => Size,
): Fact {
  if (dims === null) return { type: elementType, dims: undefined }
  const sizes = dims.map(dim => {
    if (dim === null) return fresh()
    if (typeof dim === 'number') return dim
    return symbols === undefined ? symbol(dim) : (symbols.get(dim) ?? fresh())
  })
  return { type: elementType, dims: sizes }
}

/** Fills what a rule left open with what the model notes of the value. */
export function refine(fact: Fact, declared: Fact | undefined): Fact {
  if (declared === undefined) return fact
  const type = fact.type ?? declared.type
  if (fact.dims === undefined) {
    if (declared.dims === undefined || fact.length !== undefined) return { ...fact, type }
    const { elements: _, ...rest } = fact
    return { ...rest, type, dims: declared.dims }
  }
  const { dims } = declared
  if (dims === undefined || dims.length !== fact.dims.length) return { ...fact, type }
  return {
    ...fact,
    type,
    dims: fact.dims.map((size, axis) => (isOpen(size) && !isOpen(dims[axis]!) ? dims[axis]! : size)),
  }
}

/** Whether a size is one that only a run tells and that has no bound. */
function isOpen(size: Size): boolean {
  return typeof size !== 'number' && size.anonymous && highOf(size) === Number.POSITIVE_INFINITY
}

/**
 * A fact as it may go on: sizes that are sizes, elements as many as the dimensions say and few enough.
 *
 * @throws ShapeConflict on negative sizes; OnnxError `ONNX_LIMIT_EXCEEDED` on ranks above 32 and on more
 * elements than 2^53 − 2.
 */
export function checkedFact(fact: Fact): Fact {
  const { dims, values } = fact
  if (dims === undefined) return fact
  if (dims.length > MAX_RANK) throw limitExceeded('dimensions', 'maxRank', MAX_RANK, dims.length)
  let count = 1
  for (const dim of dims) {
    if (typeof dim === 'number' ? dim < 0 || !Number.isInteger(dim) : highOf(dim) < 0) {
      conflict(`a dimension of ${typeof dim === 'number' ? dim : dim.key}`)
    }
    count *= Math.max(0, Math.min(highOf(dim), Number.MAX_SAFE_INTEGER))
  }
  // Sizes that nothing bounds are counted later, as what they are assumed to be.
  const isBounded = dims.every(dim => Number.isFinite(highOf(dim)))
  if (isBounded && count >= Number.MAX_SAFE_INTEGER) {
    throw limitExceeded('elements of a value', 'maxElements', Number.MAX_SAFE_INTEGER)
  }
  if (values === undefined) return fact
  const isExact = dims.every(dim => typeof dim === 'number')
  if (isExact && values.length === count && count <= MAX_VALUES) return fact
  return fact.length === undefined
    ? { type: fact.type, dims }
    : { type: fact.type, dims, length: fact.length }
}

/** Whether a fact leaves a size open that a run with these inputs has. */
export function isInexact({ dims, length }: Fact): boolean {
  if (dims === undefined) return true
  return [...dims, ...(length === undefined ? [] : [length])].some(
    size => typeof size !== 'number' && lowOf(size) !== highOf(size),
  )
}
