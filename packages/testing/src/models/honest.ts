import { memoryHog, slow } from './appetite.js'
import { add, carelessConcat, dynamicMatMul, identity } from './arithmetic.js'
import { branch, loop, scan } from './control-flow.js'
import { RUNNABLE_ELEMENT_TYPES } from './element-types.js'
import { mlp } from './mlp.js'
import type { TestModel } from './test-model.js'
import { concatStrings, defaultedInput, localFunction, optionalInput, storedWeights } from './variety.js'

/** One of each kind of model that runs: every one loads in ONNX Runtime and gives its `outputs`. */
export function honestModels(): readonly TestModel[] {
  return [
    ...[7, 13, 17, 21].map(opset => ({ ...add({ opset }), name: `add-opset-${opset}` })),
    dynamicMatMul(),
    carelessConcat(),
    mlp(),
    ...RUNNABLE_ELEMENT_TYPES.map(identity),
    branch(true),
    branch(false),
    loop(),
    scan(),
    concatStrings(),
    defaultedInput(),
    { ...defaultedInput({ irVersion: 3 }), name: 'weights-among-inputs' },
    optionalInput(),
    localFunction(),
    storedWeights(),
    storedWeights({ storage: 'external' }),
    storedWeights({ storage: 'external', path: 'data/weights.bin' }),
    slow(10),
    memoryHog(),
  ]
}
