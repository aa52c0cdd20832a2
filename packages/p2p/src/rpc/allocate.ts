interface SlowAllocator {
  allocUnsafeSlow(byteLength: number): Uint8Array
}

const nodeBuffer = (globalThis as { Buffer?: SlowAllocator }).Buffer

/**
 * A new buffer of exactly `byteLength` bytes that starts at offset 0 and belongs to nobody else.
 *
 * On Node it is not zeroed first: every byte is written by what is received before anyone sees it.
 */
export function allocateExact(byteLength: number): Uint8Array {
  if (nodeBuffer === undefined || byteLength === 0) return new Uint8Array(byteLength)
  return new Uint8Array(nodeBuffer.allocUnsafeSlow(byteLength).buffer)
}
