import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type ImageTarget, imageToTensor } from '../../src/files/image.js'

/** A row of red and a row of green of half strength, two pixels each. */
const RED_GREEN = Uint8Array.of(255, 0, 0, 255, 0, 0, 0, 128, 0, 0, 128, 0)

const png = (pixels: Uint8Array, width: number, height: number, channels: 1 | 2 | 3 | 4 = 3) =>
  sharp(pixels, { raw: { width, height, channels } }).png().toBuffer()

const float32 = (dims: ImageTarget['dims']): ImageTarget => ({ type: 'float32', dims })

/** An array of floats as close as float32 keeps them. */
const close = (values: number[]) => Float32Array.from(values)

describe('a picture as a tensor', () => {
  it('is channels first where the model has them first, scaled to 0…1', async () => {
    const tensor = await imageToTensor(await png(RED_GREEN, 2, 2), float32([1, 3, 2, 2]))
    expect(tensor).toEqual({
      type: 'float32',
      dims: [1, 3, 2, 2],
      data: close([1, 1, 0, 0, 0, 0, 128 / 255, 128 / 255, 0, 0, 0, 0]),
    })
  })

  it('is channels last where the model has them last, without a batch where it has none', async () => {
    const tensor = await imageToTensor(await png(RED_GREEN, 2, 2), float32([2, 2, 3]))
    expect(tensor).toEqual({
      type: 'float32',
      dims: [2, 2, 3],
      data: close([...RED_GREEN].map(value => value / 255)),
    })
  })

  it('keeps its own size where the model takes any', async () => {
    const picture = await png(new Uint8Array(5 * 4 * 3), 5, 4)
    expect((await imageToTensor(picture, float32(['batch', 3, 'height', 'width']))).dims).toEqual([
      1, 3, 4, 5,
    ])
    expect((await imageToTensor(picture, float32([null, null, null, 3]))).dims).toEqual([1, 4, 5, 3])
  })

  it('is resized to the size that the model has', async () => {
    const halves = Uint8Array.from({ length: 8 * 4 * 3 }, (_, index) =>
      Math.floor(index / 3) % 8 < 4 ? 0 : 255,
    )
    const { dims, data } = await imageToTensor(await png(halves, 8, 4), { type: 'uint8', dims: [2, 2, 3] })
    expect(dims).toEqual([2, 2, 3])
    const [left, right] = [data[0] as number, data[3] as number]
    expect(left).toBeLessThan(64)
    expect(right).toBeGreaterThan(192)
  })

  it('has mean and deviation taken out per channel, one figure for all where one is given', async () => {
    const picture = await png(Uint8Array.of(255, 51, 0), 1, 1)
    const each = await imageToTensor(picture, float32([3, 1, 1]), {
      mean: [0.5, 0.1, 0.2],
      std: [0.5, 0.1, 0.4],
    })
    expect(each.data).toEqual(close([1, (0.2 - 0.1) / 0.1, -0.2 / 0.4]))
    const same = await imageToTensor(picture, float32([3, 1, 1]), { mean: [0.5], std: [0.5] })
    expect(same.data).toEqual(close([1, (0.2 - 0.5) / 0.5, -1]))
  })

  it('goes into uint8 inputs as it is', async () => {
    const tensor = await imageToTensor(await png(RED_GREEN, 2, 2), { type: 'uint8', dims: [1, 2, 2, 3] })
    expect(tensor).toEqual({ type: 'uint8', dims: [1, 2, 2, 3], data: RED_GREEN })
  })

  it('becomes grey for one channel, and grey becomes three', async () => {
    const grey = await imageToTensor(await png(Uint8Array.of(200, 200, 200), 1, 1), {
      type: 'uint8',
      dims: [1, 1, 1, 1],
    })
    expect(grey.data).toEqual(Uint8Array.of(200))
    const three = await imageToTensor(await png(Uint8Array.of(7), 1, 1, 1), {
      type: 'uint8',
      dims: [1, 1, 3],
    })
    expect(three.data).toEqual(Uint8Array.of(7, 7, 7))
  })

  it('is laid on white where it is transparent', async () => {
    const clear = await png(Uint8Array.of(0, 0, 0, 0), 1, 1, 4)
    expect((await imageToTensor(clear, { type: 'uint8', dims: [1, 1, 3] })).data).toEqual(
      Uint8Array.of(255, 255, 255),
    )
  })

  it('may be a JPEG or a WebP', async () => {
    const red = sharp({ create: { width: 8, height: 8, channels: 3, background: '#f00' } })
    for (const bytes of [await red.clone().jpeg().toBuffer(), await red.clone().webp().toBuffer()]) {
      const { data } = await imageToTensor(bytes, { type: 'uint8', dims: [8, 8, 3] })
      expect(data[0]).toBeGreaterThan(245)
      expect(data[1]).toBeLessThan(10)
    }
  })

  it.each([
    ['two dimensions', { type: 'float32', dims: [2, 3] }, /2 dimensions/],
    ['an element type that no pixel has', { type: 'int64', dims: [3, 1, 1] }, /type int64/],
  ] as const)('does not fit %s', async (_, target, reason) => {
    await expect(imageToTensor(await png(RED_GREEN, 2, 2), target)).rejects.toMatchObject({
      code: 'NODE_INPUT_FILE',
      message: expect.stringMatching(reason),
    })
  })

  it('that is cut off, or none, is refused', async () => {
    const whole = await png(new Uint8Array(64 * 64 * 3), 64, 64)
    for (const bytes of [whole.subarray(0, whole.length - 40), Buffer.from('no picture')])
      await expect(imageToTensor(bytes, float32([3, 64, 64]))).rejects.toMatchObject({
        code: 'NODE_INPUT_FILE',
      })
  })
})
