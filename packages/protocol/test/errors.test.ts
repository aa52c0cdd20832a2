import { expect, it } from 'vitest'
import { errorCode, NeurovoyanceError, ProtocolError } from '../src/index.js'

it('an error tells its code, message and details as JSON, and keeps its cause to itself', () => {
  const cause = new Error('secret path')
  const error = new NeurovoyanceError('TEST_FULL', 'free some space', { details: { freeBytes: 0 }, cause })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'TEST_FULL',
    message: 'free some space',
    details: { freeBytes: 0 },
  })
  expect(error.cause).toBe(cause)
  expect(error).toBeInstanceOf(Error)
})

it('an error without details or cause has empty details and no cause', () => {
  const error = new ProtocolError('PROTOCOL_MALFORMED', 'no')
  expect(error.details).toEqual({})
  expect('cause' in error).toBe(false)
  expect(error.name).toBe('ProtocolError')
  expect(error).toBeInstanceOf(NeurovoyanceError)
})

it.each([
  [new ProtocolError('PROTOCOL_BAD_ID', 'no'), 'PROTOCOL_BAD_ID'],
  [Object.assign(new Error('no'), { code: 'ENOSPC' }), 'ENOSPC'],
  [Object.assign(new Error('no'), { code: 13 }), undefined],
  [new Error('no'), undefined],
  ['no', undefined],
  [null, undefined],
  [undefined, undefined],
])('the code of %s', (error, code) => {
  expect(errorCode(error)).toBe(code)
})
