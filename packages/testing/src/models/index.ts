/**
 * Small real ONNX models, built as bytes.
 *
 * @example
 * ```ts
 * import { add, slow } from '@neurovoyance/testing/models'
 *
 * await writeFile('add.onnx', add().bytes) // run it on add().inputs, expect add().outputs
 * ```
 */
export * from './appetite.js'
export * from './arithmetic.js'
export * from './build-model.js'
export * from './control-flow.js'
export * from './element-types.js'
export * from './honest.js'
export * from './hostile.js'
export * from './mlp.js'
export { pseudoRandomFloats, type TestModel } from './test-model.js'
export * from './variety.js'
export * from './wire.js'
