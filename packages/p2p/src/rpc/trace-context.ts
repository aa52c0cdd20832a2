const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The `traceparent` where it is a valid one of W3C Trace Context level 1, else nothing: a bad one is ignored. */
export function validTrace(trace: string | undefined): string | undefined {
  return trace !== undefined && trace !== '' && TRACEPARENT.test(trace) ? trace : undefined
}
