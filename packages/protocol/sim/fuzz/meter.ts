/**
 * Notes the largest buffer that code asks for by size, which is how a lying length would show: a decoder that
 * trusts an announced size allocates it long before it runs out of bytes.
 */
export interface AllocationMeter {
  /** Starts over. */
  reset(): void
  /** Bytes of the largest buffer asked for since the last reset. */
  largestBytes(): number
  /** Puts the constructors back. */
  remove(): void
}

const CONSTRUCTORS = [
  'ArrayBuffer',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Array',
] as const
const BUFFER_MAKERS = ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const
const POINTER_BYTES = 8

type Constructor = (new (...parameters: unknown[]) => object) & { BYTES_PER_ELEMENT?: number }
type BufferMaker = (size: number, ...rest: never[]) => Buffer

/** Watches the constructors of this realm until it is removed; one at a time. */
export function meterAllocations(): AllocationMeter {
  let largest = 0
  const realm = globalThis as unknown as Record<string, Constructor>
  const makers = Buffer as unknown as Record<string, BufferMaker>
  const constructors = CONSTRUCTORS.map(name => [name, realm[name]!] as const)
  const originals = BUFFER_MAKERS.map(name => [name, makers[name]!] as const)
  for (const [name, original] of constructors) {
    const bytesEach = name === 'Array' ? POINTER_BYTES : (original.BYTES_PER_ELEMENT ?? 1)
    realm[name] = new Proxy(original, {
      construct(target, parameters, newTarget) {
        const [size] = parameters
        if (typeof size === 'number') largest = Math.max(largest, size * bytesEach)
        return Reflect.construct(target, parameters, newTarget === realm[name] ? target : newTarget)
      },
    })
  }
  for (const [name, original] of originals) {
    makers[name] = (size, ...rest) => {
      largest = Math.max(largest, size)
      return original.call(Buffer, size, ...rest)
    }
  }
  return {
    reset() {
      largest = 0
    },
    largestBytes: () => largest,
    remove() {
      for (const [name, original] of constructors) realm[name] = original
      for (const [name, original] of originals) makers[name] = original
    },
  }
}

/** About how much memory a decoded value takes, what it shares with `input` apart. */
export function heldBytes(value: unknown, input: Uint8Array, seen: Set<object> = new Set()): number {
  if (typeof value === 'string') return 16 + 2 * value.length
  if (typeof value !== 'object' || value === null || seen.has(value)) return 8
  seen.add(value)
  if (ArrayBuffer.isView(value)) return value.buffer === input.buffer ? 64 : 64 + value.byteLength
  let bytes = 32
  for (const item of value instanceof Map ? value : Object.values(value))
    bytes += 8 + heldBytes(item, input, seen)
  return bytes
}
