import { expect } from 'vitest'
import { ProtocolError, type ProtocolErrorCode } from '../src/index.js'

/** Runs `action` and expects a ProtocolError with this code. */
export function expectCode(code: ProtocolErrorCode, action: () => unknown): void {
  let caught: unknown
  try {
    action()
  } catch (error) {
    caught = error
  }
  expectProtocolError(code, caught)
}

/** Waits for `promise` and expects it to fail with a ProtocolError of this code. */
export async function expectRejection(code: ProtocolErrorCode, promise: Promise<unknown>): Promise<void> {
  const caught = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expectProtocolError(code, caught)
}

function expectProtocolError(code: ProtocolErrorCode, caught: unknown): void {
  expect(caught).toBeInstanceOf(ProtocolError)
  expect((caught as ProtocolError).code).toBe(code)
}
