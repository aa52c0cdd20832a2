import { describe, expect, it } from 'vitest'
import { parseModelSource, type SourceOptions } from '../../src/models/sources.js'
import { folder } from '../hive/fixture.js'

const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

describe('source of a model', () => {
  it('keeps what is said beside it', async () => {
    const path = await folder('source')
    expect(await parseModelSource(path, { name: 'mine' })).toEqual({ kind: 'path', path, name: 'mine' })
    expect(await parseModelSource(CID)).toEqual({ kind: 'cid', cid: CID })
    const hub = { file: 'onnx/model.onnx', revision: 'v1', name: 'mine' }
    expect(await parseModelSource('acme/tiny', hub)).toEqual({ kind: 'hub', repository: 'acme/tiny', ...hub })
  })

  it.each<[string, SourceOptions, RegExp]>([
    ['a CID', { name: 'other' }, /--name.*CID/],
    ['a CID', { file: 'model.onnx', revision: 'v1' }, /--file and --revision.*CID/],
    ['a folder', { file: 'model.onnx' }, /--file.*folder/],
    ['a folder', { revision: 'v1', name: 'mine' }, /--revision:.*folder/],
  ])('refuses, with %s, %j', async (source, options, message) => {
    const text = source === 'a CID' ? CID : await folder('source')
    await expect(parseModelSource(text, options)).rejects.toMatchObject({
      code: 'NODE_USAGE',
      message: expect.stringMatching(message),
    })
  })
})
