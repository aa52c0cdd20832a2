import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRequest, encodeResponse } from '../../src/gateway/oip.js'
import { decodeResponse, encodeRequest } from '../../src/gateway/oip-client.js'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('Open Inference Protocol', () => {
  it('reads JSON tensors, flat or nested', () => {
    const flat = decodeRequest(
      json({ inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }] }),
    )
    const nested = decodeRequest(
      json({
        inputs: [
          {
            name: 'x',
            shape: [2, 2],
            datatype: 'FP32',
            data: [
              [1, 2],
              [3, 4],
            ],
          },
        ],
      }),
    )
    expect(flat.inputs).toEqual(nested.inputs)
    expect(flat.inputs.x).toEqual({ type: 'float32', dims: [2, 2], data: new Float32Array([1, 2, 3, 4]) })
    expect(flat.outputs).toBeUndefined()
  })

  it('carries tensors of every kind through the binary extension', () => {
    const tensors = {
      a: { type: 'float32', dims: [2], data: new Float32Array([1.5, -2]) },
      b: { type: 'string', dims: [2, 1], data: ['ä', ''] },
      c: { type: 'int64', dims: [1], data: new BigInt64Array([-1n]) },
      d: { type: 'bool', dims: [3], data: new Uint8Array([1, 0, 1]) },
    } as const
    const { body, headers } = encodeRequest(tensors, ['a', 'b', 'c', 'd'])
    const request = decodeRequest(body, Number(headers['inference-header-content-length']))
    expect({ ...request.inputs }).toEqual(tensors)
    const response = encodeResponse('m', request, request.inputs)
    expect(decodeResponse(Buffer.concat(response.chunks), String(response.headerBytes))).toEqual(tensors)
  })

  it('answers in JSON unless asked otherwise, with null for what JSON cannot say', () => {
    const request = decodeRequest(json({ id: '7', inputs: [] }))
    const { chunks, headerBytes } = encodeResponse('m', request, {
      y: { type: 'float32', dims: [2], data: new Float32Array([1, Number.NaN]) },
    })
    expect(headerBytes).toBeUndefined()
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({
      model_name: 'm',
      model_version: '1',
      id: '7',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [2], data: [1, null] }],
    })
  })

  it.each([
    ['not JSON', Buffer.from('{'), undefined],
    ['no inputs', json({}), undefined],
    ['a wrong count', json({ inputs: [{ name: 'x', shape: [3], datatype: 'FP32', data: [1] }] }), undefined],
    [
      'an unknown datatype',
      json({ inputs: [{ name: 'x', shape: [1], datatype: 'BF16', data: [1] }] }),
      undefined,
    ],
    [
      'a giant shape',
      json({ inputs: [{ name: 'x', shape: [2 ** 40, 2 ** 40], datatype: 'FP32', data: [1] }] }),
      undefined,
    ],
    [
      'a tensor twice',
      json({ inputs: [1, 2].map(() => ({ name: 'x', shape: [1], datatype: 'FP32', data: [1] })) }),
      undefined,
    ],
    [
      'raw bytes past the end',
      json({ inputs: [{ name: 'x', shape: [1], datatype: 'FP32', parameters: { binary_data_size: 4 } }] }),
      undefined,
    ],
    ['a header past the end', json({ inputs: [] }), 1000],
    ['bytes left over', Buffer.concat([json({ inputs: [] }), Buffer.alloc(4)]), json({ inputs: [] }).length],
  ])('refuses %s', (_, body, headerBytes) => {
    expect(() => decodeRequest(body, headerBytes)).toThrow(
      expect.objectContaining({ code: 'NODE_BAD_REQUEST' }),
    )
  })

  it('never fails but with its own error', () => {
    const { body, headers } = encodeRequest({ x: { type: 'string', dims: [1], data: ['hello'] } })
    const headerBytes = Number(headers['inference-header-content-length'])
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const mutated = body.slice()
        mutated[at] = byte
        try {
          decodeRequest(mutated, headerBytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'NODE_BAD_REQUEST' })
        }
      }),
    )
  })
})
