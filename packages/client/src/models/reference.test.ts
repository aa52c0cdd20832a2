import { cidFromSha256 } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchName, parseReference } from './reference.js'

const cid = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(digest => cidFromSha256('dag-pb', digest))
const path = fc.string({ unit: fc.constantFrom(...'abz09._-/ é'), minLength: 1 })

describe('parseReference', () => {
  it('reads a CID and the file after it', () => {
    fc.assert(
      fc.property(cid, path, (model, file) => {
        expect(parseReference(model)).toEqual({ kind: 'cid', model, file: '' })
        expect(parseReference(`${model}/${file}`)).toEqual({ kind: 'cid', model, file })
      }),
    )
  })

  it('takes everything else for a name', () => {
    fc.assert(
      fc.property(path, text => {
        expect(parseReference(text)).toEqual({ kind: 'name', text })
      }),
    )
  })

  it('gives a CID of any form as the one that travels', () => {
    const v0 = 'QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n'
    expect(parseReference(`${v0}/det`)).toEqual({
      kind: 'cid',
      model: 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
      file: 'det',
    })
  })

  it('refuses an empty reference', () => {
    expect(() => parseReference('')).toThrow(expect.objectContaining({ code: 'CLIENT_INVALID_ARGUMENT' }))
  })
})

describe('matchName', () => {
  const offered = [
    { model: 'cid-1', name: 'acme' },
    { model: 'cid-2', name: 'acme/ocr' },
    { model: 'cid-2', name: 'acme/ocr' },
    { model: 'cid-3', name: 'twins' },
    { model: 'cid-4', name: 'twins' },
    { model: 'cid-5', name: '' },
  ]

  it.each([
    ['acme', [{ model: 'cid-1', file: '' }]],
    ['acme/det', [{ model: 'cid-1', file: 'det' }]],
    ['acme/ocr', [{ model: 'cid-2', file: '' }]],
    ['acme/ocr/onnx/det.onnx', [{ model: 'cid-2', file: 'onnx/det.onnx' }]],
    ['acme/ocrs', [{ model: 'cid-1', file: 'ocrs' }]],
    ['acm', []],
    ['/det', []],
    [
      'twins/a',
      [
        { model: 'cid-3', file: 'a' },
        { model: 'cid-4', file: 'a' },
      ],
    ],
  ])('matches %s by the longest name', (text, expected) => {
    expect(matchName(text, offered)).toEqual(expected)
    expect(matchName(text, offered.toReversed())).toEqual(expected.toReversed())
  })
})
