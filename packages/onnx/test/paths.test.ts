import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confinedPath } from '../src/check/paths.js'

const segment = fc.oneof(
  fc.constantFrom('.', '..', '', 'a', 'b.bin', 'C:', '~', 'nul', '...', '\\', '\\..', 'a\u0000', ' '),
  fc.string({ maxLength: 6 }),
)

describe('confinedPath', () => {
  it.each(['model.bin', 'onnx/model.onnx_data', 'a/b/c', '.hidden', 'a b', '日本.bin', '...'])(
    'lets %j pass',
    path => {
      expect(confinedPath(path)).toBe(path)
    },
  )

  it('drops segments that say nothing', () => {
    expect(confinedPath('./a/./b')).toBe('a/b')
  })

  it.each([
    ['', 'is empty'],
    ['..', "leads out with '..'"],
    ['a/../b', "leads out with '..'"],
    ['/a', 'is absolute'],
    ['C:/a', 'is absolute'],
    ['a/b:stream', 'has a colon'],
    ['a\\b', 'has backslashes'],
    ['a//b', 'has an empty segment'],
    ['a/', 'has an empty segment'],
    ['a/.', 'is a folder'],
    ['a\nb', 'has control characters'],
    ['a/NUL.bin', 'names a device'],
    ['*/_ORT_MEM_ADDR_/*', 'is an address in memory'],
    ['*/_ORT_NATIVE_ENDIAN_MEM_ADDR_/*', 'is an address in memory'],
    ['a'.repeat(2000), 'is longer than'],
  ])('refuses %j', (path, why) => {
    expect(() => confinedPath(path)).toThrow(
      expect.objectContaining({ code: 'ONNX_PATH_ESCAPES', message: expect.stringContaining(why) }),
    )
  })

  it('lets nothing pass that leads out of its folder, on POSIX or on Windows', () => {
    const paths = fc.array(segment, { maxLength: 5 }).map(segments => segments.join('/'))
    fc.assert(
      fc.property(paths, path => {
        let confined: string
        try {
          confined = confinedPath(path)
        } catch {
          return
        }
        expect(posix.join('/root/bundle', confined)).toMatch(/^\/root\/bundle\/./)
        expect(win32.join('C:\\bundle', confined)).toMatch(/^C:\\bundle\\./)
        expect(posix.resolve('/root/bundle', confined)).toBe(posix.join('/root/bundle', confined))
      }),
      { numRuns: 2000 },
    )
  })
})
