import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkBundle } from '@neurovoyance/onnx/node'
import { add, storedWeights } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { chooseBundleFiles } from '../../src/models/bundle-files.js'
import { isCompanion } from '../../src/models/companions.js'
import { folder, saveModel } from '../hive/fixture.js'

/** A folder with a model and empty files beside it. */
async function folderWith(paths: readonly string[]): Promise<string> {
  const dir = await folder('bundle')
  await mkdir(join(dir, 'onnx'))
  await writeFile(join(dir, 'onnx', 'model.onnx'), add().bytes)
  for (const path of paths) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), '')
  }
  return dir
}

const choose = async (path: string, include?: string[]) =>
  chooseBundleFiles(path, await checkBundle(path), include)

describe('what of a folder is published', () => {
  it('the Hugging Face layout, and nothing that only happens to be there', async () => {
    const dir = await folderWith([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'README.md',
      'package.json',
      'model.safetensors',
      'notes/diary.txt',
      'notes/README.md',
      'onnx/optimizer.pt',
      'secrets.json',
      '.env',
      '.git/config',
      'train/.cache/x',
    ])
    await symlink('/etc/passwd', join(dir, 'labels.txt'))
    expect(await choose(dir)).toEqual({
      files: ['README.md', 'config.json', 'onnx/model.onnx', 'tokenizer.json', 'tokenizer_config.json'],
      leftOut: [
        '.env',
        '.git/',
        'labels.txt',
        'model.safetensors',
        'notes/',
        'onnx/optimizer.pt',
        'package.json',
        'secrets.json',
        'train/.cache/',
      ],
    })
  })

  it('external data, wherever the model says that it is', async () => {
    const { bytes, files = {}, name } = storedWeights({ storage: 'external', path: 'data/weights.bin' })
    const dir = await saveModel({ ...add(), name, bytes, files })
    expect(await choose(dir)).toEqual({ files: ['data/weights.bin', 'model.onnx'], leftOut: [] })
  })

  it('what its owner names, file or folder; never what is hidden', async () => {
    const dir = await folderWith(['voices/a.bin', 'voices/b.bin', 'mel.npy', '.secret', 'notes.txt'])
    expect(await choose(dir, ['voices/', './mel.npy'])).toEqual({
      files: ['mel.npy', 'onnx/model.onnx', 'voices/a.bin', 'voices/b.bin'],
      leftOut: ['.secret', 'notes.txt'],
    })
    for (const missing of ['none.txt', '.secret', '../..', ''])
      await expect(choose(dir, [missing])).rejects.toMatchObject({ code: 'NODE_USAGE' })
  })

  it('of a single file, it alone', async () => {
    const dir = await folderWith(['onnx/config.json'])
    expect(await choose(join(dir, 'onnx', 'model.onnx'))).toEqual({ files: ['model.onnx'], leftOut: [] })
  })
})

describe('what belongs to a model', () => {
  const models = ['onnx/model.onnx', 'voice.onnx']

  it.each([
    'config.json',
    'generation_config.json',
    'onnx/quantize_config.json',
    'tokenizer.model',
    'spiece.model',
    'vocab.txt',
    'merges.txt',
    'special_tokens_map.json',
    'tokenizer_2/vocab.json',
    'preprocessor_config.json',
    'chat_template.jinja',
    'ppocr_keys_v1.txt',
    'en_dict.txt',
    'imagenet_classes.txt',
    'labels.txt',
    'voice.onnx.json',
    'LICENSE',
    'NOTICE.txt',
  ])('%s does', path => {
    expect(isCompanion({ path, bytes: 10 }, models)).toBe(true)
  })

  it.each([
    'tsconfig.json',
    'package.json',
    'credentials.json',
    'main.py',
    'weights.bin',
    'deep/er/config.json',
    'node_modules/LICENSE',
    'pytorch.model',
  ])('%s does not', path => {
    expect(isCompanion({ path, bytes: 10 }, models)).toBe(false)
  })

  it('what is too large does not', () => {
    expect(isCompanion({ path: 'vocab.txt', bytes: 65 * 2 ** 20 }, models)).toBe(false)
  })
})
