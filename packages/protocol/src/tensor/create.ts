import { type ElementLayout, layoutOf } from './element-types.js'
import { badTensor, elementCount, payloadBytes } from './shape.js'
import type { ElementType, Tensor, TensorData } from './tensor.js'

/** Arrays that may hold a type's elements beside the one that decoding gives. */
const ALSO_HELD_BY: Readonly<Partial<Record<ElementType, readonly string[]>>> = {
  // Node's and the browsers' own type; its bytes are the same bits.
  float16: ['Float16Array'],
  // onnxruntime-common's declarations say Int8Array where its code asks for Uint8Array.
  int4: ['Int8Array'],
  uint8: ['Uint8ClampedArray'],
}

/**
 * A tensor that was checked: known type, sound shape, an array of the right kind and length. The data is not copied.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR`
 */
export function createTensor(type: ElementType, data: TensorData, dims: readonly number[]): Tensor {
  const tensor = { type, dims: [...dims], data }
  checkTensor(tensor)
  return tensor
}

/**
 * Checks a tensor from outside, such as an ONNX Runtime one, and gives the layout and count of its elements.
 * Elements themselves are not looked at; a decoder does that.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR`
 */
export function checkTensor(tensor: Tensor): { layout: ElementLayout; elements: number } {
  const { type, dims, data } = tensor
  const layout = layoutOf(type)
  if (layout === undefined)
    throw badTensor(`${JSON.stringify(type)} is not an element type of ONNX Runtime`, { type })
  const elements = elementCount(dims)
  if (layout.view === undefined) {
    if (!Array.isArray(data)) throw badTensor('a string tensor holds an array of strings', { type })
  } else if (!ArrayBuffer.isView(data) || !holds(type, layout, data)) {
    throw badTensor(`the data of a ${type} tensor cannot be a ${kindOf(data)}`, { type })
  }
  const expected = layout.view === undefined ? elements : payloadBytes(layout, elements) / layout.alignBytes
  if (data.length !== expected) {
    const message = `a ${type} tensor of [${dims.join(', ')}] needs an array of ${expected}, not ${data.length}`
    throw badTensor(message, { type, dims: [...dims], length: data.length })
  }
  return { layout, elements }
}

function holds(type: ElementType, layout: ElementLayout, data: ArrayBufferView): boolean {
  const kind = kindOf(data)
  return kind === arrayKind(layout) || ALSO_HELD_BY[type]?.includes(kind) === true
}

const kinds = new Map<ElementLayout, string>()

function arrayKind(layout: ElementLayout): string {
  let kind = kinds.get(layout)
  if (kind === undefined) {
    kind = kindOf(layout.view?.(new ArrayBuffer(0), 0, 0))
    kinds.set(layout, kind)
  }
  return kind
}

/** The array's own name: Node's `Buffer` counts as the `Uint8Array` that it is. */
function kindOf(data: unknown): string {
  return Object.prototype.toString.call(data).slice(8, -1)
}
