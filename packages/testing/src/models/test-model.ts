import type { TensorMap } from '@neurovoyance/protocol'

/** A small model with inputs that it accepts and, where they are exact, the outputs they give. */
export interface TestModel {
  readonly name: string
  /** The `.onnx` file. */
  readonly bytes: Uint8Array
  /** Inputs that it accepts. */
  readonly inputs: TensorMap
  /** The outputs for `inputs`, bit for bit; absent where rounding depends on the machine. */
  readonly outputs?: TensorMap
  /** Files that must lie beside the `.onnx` file, by relative path. */
  readonly files?: Readonly<Record<string, Uint8Array>>
}

/** Deterministic values in [-1, 1): a linear congruential generator of Numerical Recipes. */
export function pseudoRandomFloats(length: number, seed = 1): Float32Array {
  const floats = new Float32Array(length)
  let state = seed >>> 0
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    floats[index] = state / 2 ** 31 - 1
  }
  return floats
}
