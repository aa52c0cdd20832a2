import { errorCode, NeurovoyanceError, type Tensor, type TensorMap } from '@neurovoyance/protocol'

/** A backend does not do what every backend does. */
export class ComplianceError extends NeurovoyanceError<'TESTING_NOT_COMPLIANT'> {
  override name = 'ComplianceError'

  constructor(message: string, cause?: unknown) {
    super('TESTING_NOT_COMPLIANT', message, { cause })
  }
}

/** Throws unless `holds`. */
export function ensure(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new ComplianceError(otherwise)
}

/** Throws unless both have the same tensors: names, types, shapes and every bit. */
export function assertTensors(actual: TensorMap, expected: TensorMap): void {
  const names = Object.keys(actual).sort().join(', ')
  const wanted = Object.keys(expected).sort().join(', ')
  ensure(names === wanted, `there are tensors ${names} instead of ${wanted}`)
  for (const [name, tensor] of Object.entries(expected)) assertTensor(name, actual[name]!, tensor)
}

/** Throws unless `run` fails with this code, or one that matches. */
export async function assertFails(run: () => Promise<unknown>, code: string | RegExp): Promise<void> {
  let failure: unknown
  try {
    await run()
  } catch (error) {
    failure = error
  }
  ensure(failure !== undefined, `it should have failed with ${code}, and did not fail`)
  const actual = errorCode(failure) ?? ''
  if (typeof code === 'string' ? actual === code : code.test(actual)) return
  throw new ComplianceError(
    `it should have failed with ${code}, and failed with ${actual || failure}`,
    failure,
  )
}

function assertTensor(name: string, actual: Tensor, expected: Tensor): void {
  ensure(actual.type === expected.type, `'${name}' is ${actual.type} instead of ${expected.type}`)
  const [dims, wanted] = [actual.dims.join(', '), expected.dims.join(', ')]
  ensure(dims === wanted, `'${name}' has the shape [${dims}] instead of [${wanted}]`)
  const same = sameBits(actual.data, expected.data)
  ensure(same, `'${name}' holds ${preview(actual.data)} instead of ${preview(expected.data)}`)
}

function sameBits(actual: Tensor['data'], expected: Tensor['data']): boolean {
  if (!ArrayBuffer.isView(actual) || !ArrayBuffer.isView(expected)) {
    return JSON.stringify(actual) === JSON.stringify(expected)
  }
  const [left, right] = [bytesOf(actual), bytesOf(expected)]
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function preview(data: Tensor['data']): string {
  return `[${Array.from(data as ArrayLike<unknown>)
    .slice(0, 8)
    .join(', ')}${data.length > 8 ? ', …' : ''}]`
}
