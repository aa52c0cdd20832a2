import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeNpy, encodeNpy } from '../../src/files/npy.js'
import { pythonWith } from '../python.js'

describe('npy', () => {
  it('keeps any float32 array', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 0, maxLength: 60 }), data => {
        const read = decodeNpy(encodeNpy({ type: 'float32', dims: [data.length], data }))
        expect(read.dims).toEqual([data.length])
        expect(read.data).toEqual(data)
      }),
    )
  })

  it.each([
    [{ type: 'int64', dims: [2, 1], data: new BigInt64Array([-5n, 2n ** 62n]) }],
    [{ type: 'bool', dims: [3], data: new Uint8Array([1, 0, 1]) }],
    [{ type: 'float16', dims: [2], data: new Uint16Array([0x3c00, 0xc000]) }],
    [{ type: 'float64', dims: [], data: new Float64Array([Math.PI]) }],
  ] as const)('keeps $type $dims', tensor => {
    expect(decodeNpy(encodeNpy(tensor))).toEqual(tensor)
  })

  it('refuses what is cut off, in column order or of another kind', () => {
    const bytes = encodeNpy({ type: 'float32', dims: [2, 2], data: new Float32Array(4) })
    expect(() => decodeNpy(bytes.subarray(0, bytes.length - 1))).toThrow(
      expect.objectContaining({ code: 'NODE_INPUT_FILE' }),
    )
    const column = Buffer.from(bytes).toString('latin1').replace('False', 'True ')
    expect(() => decodeNpy(Buffer.from(column, 'latin1'))).toThrow(/row order/)
    expect(() => decodeNpy(new Uint8Array(40))).toThrow(/does not start/)
  })

  it('never fails but with its own error', () => {
    const whole = encodeNpy({ type: 'int32', dims: [3], data: new Int32Array(3) })
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = whole.slice()
        bytes[at] = byte
        try {
          decodeNpy(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'NODE_INPUT_FILE' })
        }
      }),
    )
  })

  it('reads and is read by NumPy (skipped where Python or PyPI is absent)', async context => {
    const python = await pythonWith(['numpy'])
    if (python === undefined) return context.skip('Python with numpy cannot be set up here')
    const folder = await mkdtemp(join(tmpdir(), 'npy-'))
    const [ours, theirs] = [join(folder, 'ours.npy'), join(folder, 'theirs.npy')]
    const data = new Float32Array([1, 2, 3, 4, 5, 6])
    await writeFile(ours, encodeNpy({ type: 'float32', dims: [2, 3], data }))
    await python.run(
      "import sys, numpy as np; np.save(sys.argv[2], (np.load(sys.argv[1]) * 2).astype('<f8'))",
      [ours, theirs],
    )
    expect(decodeNpy(await readFile(theirs))).toEqual({
      type: 'float64',
      dims: [2, 3],
      data: new Float64Array([2, 4, 6, 8, 10, 12]),
    })
  }, 300_000)
})
