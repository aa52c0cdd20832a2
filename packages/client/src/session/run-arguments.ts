import { type InferenceSession, Tensor } from 'onnxruntime-common'

/** Which of `run`'s overloads was called: the outputs wanted and, by name, the tensors given for them. */
export interface RunArguments {
  /** Names of the wanted outputs. */
  readonly outputs: readonly string[]
  /** Tensors to be filled, by output name. */
  readonly given: ReadonlyMap<string, Tensor>
  readonly options: InferenceSession.RunOptions
}

/**
 * Tells `run(feeds, options?)` from `run(feeds, fetches, options?)` by the same rules as onnxruntime-common:
 * an array is fetches; an object is fetches if it has an output's name with a tensor or `null`.
 *
 * @throws TypeError, RangeError as onnxruntime-common does
 */
export function parseRunArguments(
  outputNames: readonly string[],
  arg1: unknown,
  arg2: unknown,
): RunArguments {
  if (arg1 === undefined) return { outputs: outputNames, given: new Map(), options: {} }
  if (typeof arg1 !== 'object') throw new TypeError("Unexpected argument[1]: must be 'fetches' or 'options'.")
  if (arg1 === null) throw new TypeError('Unexpected argument[1]: cannot be null.')
  if (arg1 instanceof Tensor) throw new TypeError("'fetches' cannot be a Tensor")
  if (Array.isArray(arg1)) {
    return { outputs: fetchedNames(outputNames, arg1), given: new Map(), options: runOptions(arg2) }
  }
  const fetches = fetchedTensors(outputNames, arg1 as Record<string, unknown>)
  if (fetches.length === 0) return { outputs: outputNames, given: new Map(), options: arg1 }
  return {
    outputs: fetches.map(([name]) => name),
    given: new Map(fetches.filter((fetch): fetch is [string, Tensor] => fetch[1] !== null)),
    options: runOptions(arg2),
  }
}

function fetchedNames(outputNames: readonly string[], names: readonly unknown[]): string[] {
  if (names.length === 0) throw new TypeError("'fetches' cannot be an empty array.")
  return names.map(name => {
    if (typeof name !== 'string') throw new TypeError("'fetches' must be a string array or an object.")
    if (!outputNames.includes(name)) throw new RangeError(`'fetches' contains invalid output name: ${name}.`)
    return name
  })
}

function fetchedTensors(
  outputNames: readonly string[],
  fetches: Record<string, unknown>,
): [string, Tensor | null][] {
  return outputNames.flatMap((name): [string, Tensor | null][] => {
    const value = Object.hasOwn(fetches, name) ? fetches[name] : undefined
    return value === null || value instanceof Tensor ? [[name, value]] : []
  })
}

function runOptions(arg2: unknown): InferenceSession.RunOptions {
  if (arg2 === undefined) return {}
  if (typeof arg2 !== 'object' || arg2 === null) throw new TypeError("'options' must be an object.")
  return arg2
}
