import { hostileModels } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { OnnxError } from '../src/index.js'
import { checkBundle } from '../src/node/index.js'
import { folderOf } from './bundle-on-disk.js'

describe('checkBundle refuses', () => {
  it.each(hostileModels().map(model => [model.name, model] as const))(
    '%s',
    async (_, { bytes, files, code }) => {
      const beside = Object.entries(files ?? {}).map(([path, content]) => [`onnx/${path}`, content] as const)
      const dir = await folderOf({ 'onnx/model.onnx': bytes, ...Object.fromEntries(beside) })
      const refusal = await checkBundle(dir).catch(error => error)
      expect(refusal).toBeInstanceOf(OnnxError)
      expect(refusal).toMatchObject({ code, details: { file: 'onnx/model.onnx' } })
      expect(refusal.message).toMatch(/^onnx\/model\.onnx: ./)
    },
  )
})
