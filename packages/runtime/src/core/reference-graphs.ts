/**
 * Small graphs whose cost is known, as bytes of `onnx.ModelProto`, to measure what a machine can do. Their
 * data is made inside from a shape that comes in, so that hardly a byte travels and nothing can be folded.
 */

const FLOAT = 1
const INT64 = 7
const OPSET = 13
const IR_VERSION = 8

/** A graph and what one run of it costs. */
export interface ReferenceGraph {
  readonly name: string
  readonly bytes: Uint8Array
  /** The value of its input `size: int64[rank]`. */
  readonly size: readonly number[]
  /** Floating-point operations of one run. */
  readonly flop: number
  /** Bytes that one run moves between memory and processor, caches being too small. */
  readonly bytesMoved: number
}

/** A chain of `repeats` products of square matrices of `width`. */
export function matMulGraph(width: number, repeats: number): ReferenceGraph {
  return {
    name: `matmul-${width}-${repeats}`,
    bytes: chain('MatMul', 2, repeats, name => [name, 'filled']),
    size: [width, width],
    flop: 2 * width ** 3 * repeats,
    bytesMoved: 0,
  }
}

/** A chain of `repeats` doublings of a vector of `length`: each reads it and writes it. */
export function streamGraph(length: number, repeats: number): ReferenceGraph {
  return {
    name: `stream-${length}-${repeats}`,
    bytes: chain('Add', 1, repeats, name => [name, name]),
    size: [length],
    flop: 0,
    bytesMoved: 8 * length * (repeats + 1),
  }
}

/** The smallest graph there is: tells whether a provider works at all. */
export function probeGraph(): ReferenceGraph {
  return matMulGraph(2, 1)
}

/** `size` → ConstantOfShape → `repeats` times `op` → ReduceMax → `result: float32`. */
function chain(
  op: string,
  rank: number,
  repeats: number,
  inputs: (previous: string) => string[],
): Uint8Array {
  const nodes = [node('ConstantOfShape', ['size'], 'filled', FILL_ATTRIBUTE)]
  let previous = 'filled'
  for (let turn = 0; turn < repeats; turn++) {
    nodes.push(node(op, inputs(previous), `turn${turn}`))
    previous = `turn${turn}`
  }
  nodes.push(node('ReduceMax', [previous], 'result', KEEP_NO_DIMS))
  const graph = [
    ...nodes.map(each => field(1, each)),
    text(2, 'reference'),
    field(11, valueInfo('size', INT64, [rank])),
    field(12, valueInfo('result', FLOAT, [])),
  ]
  return concat([number(1, IR_VERSION), field(7, concat(graph)), field(8, number(2, OPSET))])
}

/** `value` of ConstantOfShape: 2⁻⁷ of each element, so that a product of 128 columns keeps its size. */
const FILL_ATTRIBUTE = concat([
  text(1, 'value'),
  field(
    5,
    concat([number(1, 1), number(2, FLOAT), field(9, new Uint8Array(Float32Array.of(2 ** -7).buffer))]),
  ),
  number(20, 4),
])
const KEEP_NO_DIMS = concat([text(1, 'keepdims'), number(3, 0), number(20, 2)])

function node(op: string, inputs: string[], output: string, attribute?: Uint8Array): Uint8Array {
  const parts = [...inputs.map(each => text(1, each)), text(2, output), text(4, op)]
  if (attribute !== undefined) parts.push(field(5, attribute))
  return concat(parts)
}

function valueInfo(name: string, type: number, dims: readonly number[]): Uint8Array {
  const shape = concat(dims.map(dim => field(1, number(1, dim))))
  return concat([text(1, name), field(2, field(1, concat([number(1, type), field(2, shape)])))])
}

function number(id: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(id << 3), ...varint(value)])
}

function field(id: number, bytes: Uint8Array): Uint8Array {
  return concat([Uint8Array.from([...varint((id << 3) | 2), ...varint(bytes.byteLength)]), bytes])
}

function text(id: number, value: string): Uint8Array {
  return field(id, new TextEncoder().encode(value))
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.byteLength
  }
  return bytes
}
