import { describe, expect, it } from 'vitest'
import { decodeWav } from '../../src/files/wav.js'
import { wavFile } from './wav-file.js'

describe('wav', () => {
  it('averages channels of 16-bit samples', () => {
    const body = Buffer.from(new Int16Array([16_384, 0, -32_768, -32_768]).buffer)
    const { tensor, sampleRateHz } = decodeWav(wavFile(16, 2, body))
    expect(sampleRateHz).toBe(16_000)
    expect(tensor).toEqual({ type: 'float32', dims: [1, 2], data: new Float32Array([0.25, -1]) })
  })

  it('reads 24-bit and float samples', () => {
    expect(decodeWav(wavFile(24, 1, Buffer.from([0, 0, 0x40, 0, 0, 0x80]))).tensor.data).toEqual(
      new Float32Array([0.5, -1]),
    )
    expect(decodeWav(wavFile(32, 1, Buffer.from(new Float32Array([0.125]).buffer), 3)).tensor.data).toEqual(
      new Float32Array([0.125]),
    )
  })

  it('refuses what it cannot read', () => {
    expect(() => decodeWav(Buffer.from('RIFF....WAVE'))).toThrow(/no samples/)
    expect(() => decodeWav(wavFile(16, 0, Buffer.alloc(4)))).toThrow(/0 channels/)
    expect(() => decodeWav(wavFile(4, 1, Buffer.alloc(4)))).toThrow(/4 bits/)
    expect(() => decodeWav(Buffer.alloc(3))).toThrow(/does not start/)
  })
})
