import { createTensor, type ElementType, type Tensor } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'

/** What a model's image input wants: its element type and dims (`null` or a name where any size goes). */
export interface ImageTarget {
  readonly type: ElementType
  readonly dims: readonly (number | string | null)[]
}

/** How pixels become numbers: `(pixel / 255 − mean) / std` per channel for float inputs. */
export interface ImageOptions {
  mean?: readonly number[]
  std?: readonly number[]
}

const MAX_PIXELS = 64 * 1024 * 1024

/**
 * Decodes a PNG, JPEG or WebP to what an image input takes: channels first or last, one or three
 * channels, resized where the input's height and width are fixed. uint8 inputs get the pixels as they are.
 *
 * @throws NodeError `NODE_INPUT_FILE` where the file is no picture or the input no image.
 */
export async function imageToTensor(
  bytes: Uint8Array,
  target: ImageTarget,
  options: ImageOptions = {},
): Promise<Tensor> {
  const layout = imageLayout(target)
  const { data, width, height } = await decode(bytes, layout)
  const plane = width * height
  const { channels } = layout
  const scale = target.type === 'uint8' ? undefined : { mean: options.mean ?? [0], std: options.std ?? [1] }
  const out = scale === undefined ? new Uint8Array(data.length) : new Float32Array(data.length)
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const value = data[pixel * channels + channel]!
      const at = layout.channelsFirst ? channel * plane + pixel : pixel * channels + channel
      out[at] = scale === undefined ? value : (value / 255 - of(scale.mean, channel)) / of(scale.std, channel)
    }
  }
  const image = layout.channelsFirst ? [channels, height, width] : [height, width, channels]
  return createTensor(target.type, out, layout.batched ? [1, ...image] : image)
}

interface ImageLayout {
  batched: boolean
  channelsFirst: boolean
  channels: 1 | 3
  height: number | undefined
  width: number | undefined
}

function imageLayout({ type, dims }: ImageTarget): ImageLayout {
  if (type !== 'float32' && type !== 'uint8')
    throw refuse(`the input is of type ${type}; pictures go into float32 and uint8 inputs`)
  if (dims.length !== 3 && dims.length !== 4)
    throw refuse(`the input has ${dims.length} dimensions; a picture has 3, or 4 with the batch`)
  const batched = dims.length === 4
  const [first, middle, last] = batched ? dims.slice(1) : dims
  const isChannels = (dim: unknown): dim is 1 | 3 => dim === 1 || dim === 3
  const size = (dim: unknown) => (typeof dim === 'number' && dim > 0 ? dim : undefined)
  const channelsFirst = isChannels(first) || !isChannels(last)
  const channels = channelsFirst ? first : last
  return {
    batched,
    channelsFirst,
    channels: isChannels(channels) ? channels : 3,
    height: size(channelsFirst ? middle : first),
    width: size(channelsFirst ? last : middle),
  }
}

async function decode(
  bytes: Uint8Array,
  layout: ImageLayout,
): Promise<{ data: Uint8Array; width: number; height: number }> {
  const { default: sharp } = await import('sharp')
  try {
    let image = sharp(bytes, { limitInputPixels: MAX_PIXELS }).flatten({ background: '#fff' })
    image = layout.channels === 1 ? image.toColourspace('b-w') : image.toColourspace('srgb')
    if (layout.width !== undefined || layout.height !== undefined) {
      image = image.resize({
        ...(layout.width && { width: layout.width }),
        ...(layout.height && { height: layout.height }),
        fit: 'fill',
      })
    }
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
    if (info.channels !== layout.channels)
      throw new Error(`it decodes to ${info.channels} channels, not ${layout.channels}`)
    return { data, width: info.width, height: info.height }
  } catch (error) {
    throw new NodeError('NODE_INPUT_FILE', `The picture cannot be read: ${(error as Error).message}.`, {
      cause: error,
    })
  }
}

function of(values: readonly number[], channel: number): number {
  return values[channel % values.length]!
}

function refuse(reason: string): NodeError {
  return new NodeError(
    'NODE_INPUT_FILE',
    `A picture does not fit this input: ${reason}. Give a .npy or .json file instead.`,
  )
}
