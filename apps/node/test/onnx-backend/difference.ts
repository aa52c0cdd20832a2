import type { PlainTensor } from './local-runs.js'

/** What differs between two sets of outputs, names, types, shapes and every bit; `undefined` where nothing does. */
export function difference(
  local: Readonly<Record<string, PlainTensor>>,
  remote: Readonly<Record<string, PlainTensor>>,
): string | undefined {
  const [here, there] = [local, remote].map(outputs => Object.keys(outputs).join(', '))
  if (here !== there) return `outputs ${there} instead of ${here}`
  for (const [name, expected] of Object.entries(local)) {
    const actual = remote[name]!
    const [wanted, got] = [expected, actual].map(({ type, dims }) => `${type}[${dims.join(', ')}]`)
    if (wanted !== got) return `'${name}' is ${got} instead of ${wanted}`
    if (!bytesOf(expected).equals(bytesOf(actual))) return `'${name}' has other elements`
  }
  return undefined
}

function bytesOf({ data }: PlainTensor): Buffer {
  if (!ArrayBuffer.isView(data)) return Buffer.from(JSON.stringify(data))
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
