import { OnnxError } from '../errors.js'

/** An `ONNX_MALFORMED` error. */
export function malformed(what: string, details: Readonly<Record<string, unknown>> = {}): OnnxError {
  return new OnnxError('ONNX_MALFORMED', `not valid ONNX: ${what}`, { details })
}

/** An `ONNX_LIMIT_EXCEEDED` error. */
export function limitExceeded(what: string, limit: string, max: number, actual?: number): OnnxError {
  const given = actual === undefined ? '' : `${actual.toLocaleString('en')} `
  return new OnnxError('ONNX_LIMIT_EXCEEDED', `${given}${what}: the limit is ${max.toLocaleString('en')}`, {
    details: { limit, max, ...(actual === undefined ? {} : { actual }) },
  })
}
