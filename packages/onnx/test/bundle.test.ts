import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { add, dynamicMatMul, storedWeights } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import {
  type BundleManifest,
  decodeManifest,
  encodeManifest,
  findLayout,
  MANIFEST_FILE,
  modelId,
} from '../src/index.js'
import { checkBundle, describeBundle, openBundle, writeManifest } from '../src/node/index.js'
import { folderOf } from './bundle-on-disk.js'

const external = storedWeights({ storage: 'external' })
const weights = external.files!['weights.bin']!

describe('findLayout', () => {
  it.each([
    [['config.json', 'onnx/model.onnx', 'onnx/model_q4.onnx'], ['model', 'model_q4'], 'model'],
    [['onnx/model_q4.onnx', 'onnx/model_fp16.onnx'], ['model_fp16', 'model_q4'], 'model_fp16'],
    [['det.onnx', 'rec.onnx', 'keys.txt'], ['det', 'rec'], 'det'],
    [['model.onnx', 'onnx/model.onnx'], ['model', 'onnx/model'], 'model'],
    [['unet/model.onnx', 'vae/model.onnx'], ['unet/model', 'vae/model'], 'unet/model'],
  ])('finds the models of %j', (paths, names, main) => {
    const layout = findLayout(paths)
    expect({ names: layout.models.map(({ name }) => name), main: layout.default }).toEqual({ names, main })
  })

  it('says so where there is none', () => {
    expect(() => findLayout(['config.json'])).toThrow(
      expect.objectContaining({ code: 'ONNX_BUNDLE_NOT_FOUND' }),
    )
  })
})

describe('checkBundle', () => {
  it('reports the models of a folder in the Hugging Face layout', async () => {
    const dir = await folderOf({
      'config.json': '{}',
      '.gitattributes': 'no part of it',
      'onnx/model.onnx': add().bytes,
      'onnx/model_ext.onnx': external.bytes,
      'onnx/weights.bin': weights,
    })
    const report = await checkBundle(dir)
    expect(report).toMatchObject({
      dir,
      default: 'model',
      bytes: add().bytes.byteLength + external.bytes.byteLength + weights.byteLength,
      models: [
        {
          name: 'model',
          path: 'onnx/model.onnx',
          file: join(dir, 'onnx/model.onnx'),
          externalData: [],
          nodes: 1,
        },
        {
          name: 'model_ext',
          weightBytes: 64 * 64 * 4,
          bytes: external.bytes.byteLength + weights.byteLength,
          externalData: [{ path: 'onnx/weights.bin', bytes: weights.byteLength }],
        },
      ],
    })
  })

  it('takes a single file, with external data beside it', async () => {
    const dir = await folderOf({
      'det.onnx': external.bytes,
      'weights.bin': weights,
      'other.onnx': 'not a model',
    })
    const report = await checkBundle(join(dir, 'det.onnx'))
    expect(report).toMatchObject({ dir, name: 'det', default: 'det', models: [{ path: 'det.onnx' }] })
  })

  it.each([
    ['a model', 'model.onnx', { 'readme.txt': '' }],
    ['weights', 'weights.bin', { 'm.onnx': external.bytes }],
  ])('refuses %s behind a link that leads out', async (_, link, files) => {
    const outside = await folderOf({ secret: weights })
    const dir = await folderOf(files as Record<string, string | Uint8Array>)
    await symlink(join(outside, 'secret'), join(dir, link))
    await expect(checkBundle(dir)).rejects.toMatchObject({
      code: 'ONNX_PATH_ESCAPES',
      details: { path: link },
    })
  })

  it('does not enter a folder behind a link', async () => {
    const outside = await folderOf({ 'model.onnx': add().bytes })
    const dir = await folderOf({
      'm.onnx': storedWeights({ storage: 'external', path: 'data/weights.bin' }).bytes,
    })
    await symlink(outside, join(dir, 'onnx'))
    expect((await openBundle(dir)).models.map(({ path }) => path)).toEqual(['m.onnx'])
    await symlink(await folderOf({ 'weights.bin': weights }), join(dir, 'data'))
    await expect(checkBundle(dir)).rejects.toMatchObject({
      code: 'ONNX_PATH_ESCAPES',
      details: { path: 'data/weights.bin' },
    })
  })

  it('follows links that stay inside', async () => {
    const dir = await folderOf({ 'blobs/1': add().bytes })
    await symlink(join('blobs', '1'), join(dir, 'model.onnx'))
    expect((await checkBundle(dir)).models[0]).toMatchObject({
      path: 'model.onnx',
      file: join(dir, 'blobs/1'),
    })
  })

  it('refuses a folder where a file must be', async () => {
    const dir = await folderOf({ 'm.onnx': external.bytes })
    await mkdir(join(dir, 'weights.bin'))
    await expect(checkBundle(dir)).rejects.toMatchObject({
      code: 'ONNX_PATH_ESCAPES',
      details: { path: 'weights.bin' },
    })
  })

  it('names what is not there', async () => {
    const dir = await folderOf({ 'm.onnx': external.bytes })
    await expect(checkBundle(join(dir, 'gone'))).rejects.toMatchObject({ code: 'ONNX_BUNDLE_NOT_FOUND' })
    await expect(checkBundle(dir)).rejects.toMatchObject({
      code: 'ONNX_EXTERNAL_DATA',
      message: "m.onnx: its weights lie in 'weights.bin', which is not there: put that file beside it",
    })
  })

  it.each([
    ['maxFiles', 2, { a: '', b: '', 'm.onnx': add().bytes }],
    ['maxFolderDepth', 2, { 'a/b/m.onnx': add().bytes }],
    ['maxModels', 1, { 'a.onnx': add().bytes, 'b.onnx': add().bytes }],
  ] as const)('keeps to %s', async (limit, max, files) => {
    const dir = await folderOf(files as Record<string, string | Uint8Array>)
    await expect(checkBundle(dir, { [limit]: max })).rejects.toMatchObject({
      code: 'ONNX_LIMIT_EXCEEDED',
      details: { limit },
    })
  })
})

describe('openBundle', () => {
  it('opens models by name and reads their external data', async () => {
    const dir = await folderOf({
      'onnx/a.onnx': external.bytes,
      'onnx/weights.bin': weights,
      'onnx/b.onnx': add().bytes,
    })
    await using bundle = await openBundle(dir)
    expect(bundle.models.map(({ name }) => name)).toEqual(['a', 'b'])
    expect((await bundle.openModel('b')).graph.inputs[0]!.name).toBe('a')
    expect((await bundle.openModel('onnx/b.onnx')).graph.inputs[0]!.name).toBe('a')
    expect(await modelId(await bundle.openModel())).toBe(await modelId(await bundle.openModel('a')))
    await expect(bundle.openModel('c')).rejects.toMatchObject({
      code: 'ONNX_MODEL_UNKNOWN',
      message: "the bundle has no model 'c'; it has 'a', 'b'",
    })
  })
})

describe('the manifest', () => {
  it('is written, read back, and decides names and default', async () => {
    const dir = await folderOf({
      'x/d.onnx': add().bytes,
      'x/r.onnx': external.bytes,
      'x/weights.bin': weights,
    })
    const described = await describeBundle(dir, { name: 'Reading' })
    const [d, r] = described.models as [BundleManifest['models'][0], BundleManifest['models'][0]]
    const models = [
      { ...d, name: 'detection' },
      { ...r, name: 'recognition' },
    ]
    await writeManifest(dir, { ...described, default: 'recognition', models })

    await using bundle = await openBundle(dir)
    expect(bundle).toMatchObject({ name: 'Reading', default: 'recognition', manifest: { models } })
    expect((await checkBundle(dir)).models.map(({ name }) => name)).toEqual(['detection', 'recognition'])
    expect(await describeBundle(dir)).toEqual({ ...described, default: 'recognition', models })
    expect(encodeManifest(decodeManifest(await readFile(join(dir, MANIFEST_FILE))))).toEqual(
      new Uint8Array(await readFile(join(dir, MANIFEST_FILE))),
    )
  })

  it('must describe the files as they are', async () => {
    const dir = await folderOf({ 'm.onnx': add().bytes })
    const manifest = await describeBundle(dir)
    const [m] = manifest.models as [BundleManifest['models'][0]]
    await writeManifest(dir, { ...manifest, models: [{ ...m, inputs: [] }] })
    await expect(checkBundle(dir)).rejects.toMatchObject({
      code: 'ONNX_MANIFEST_INVALID',
      details: { model: 'm' },
    })
  })

  it.each([
    ['no JSON', '{', 'invalid'],
    ['another format', { format: 'other/1' }, 'format'],
    ['no models', { models: [] }, 'models'],
    ['a default that is no model', { default: 'gone' }, 'default is no model'],
    ['two models of one name', { models: [model(), model()] }, 'two models'],
    ['a path that leads out', { models: [model({ path: '../m.onnx' })] }, 'models.0.path'],
    [
      'an element type that is none',
      { models: [model({ inputs: [{ ...x, type: 'tensor' }] })] },
      'models.0.inputs.0.type',
    ],
    ['a negative size', { models: [model({ inputs: [{ ...x, dims: [-1] }] })] }, 'models.0.inputs.0.dims'],
    ['an id that is none', { models: [model({ id: 'abc' })] }, 'models.0.id'],
  ])('is refused with %s', (_, changes, message) => {
    const manifest = { format: 'neurovoyance-bundle/1', name: 'n', default: 'm', models: [model()] }
    const json = typeof changes === 'string' ? changes : JSON.stringify({ ...manifest, ...changes })
    expect(() => decodeManifest(new TextEncoder().encode(json))).toThrow(
      expect.objectContaining({ code: 'ONNX_MANIFEST_INVALID', message: expect.stringContaining(message) }),
    )
  })

  it('is refused where it is larger than a manifest can be', () => {
    expect(() => decodeManifest(new Uint8Array(5 * 2 ** 20))).toThrow(
      expect.objectContaining({ code: 'ONNX_MANIFEST_INVALID' }),
    )
  })

  it('keeps symbols and open dimensions', async () => {
    const dir = await folderOf({ 'm.onnx': dynamicMatMul().bytes })
    const manifest = await describeBundle(dir)
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest)
    expect(manifest.models[0]!.inputs[0]!.dims).toEqual(['m', 'k'])
  })
})

const x = { name: 'x', type: 'float32', dims: [1], optional: false }

function model(changes: object = {}): object {
  const id = `onnx1-${'a'.repeat(64)}`
  return { name: 'm', path: 'm.onnx', id, inputs: [], outputs: [], externalData: [], ...changes }
}
