import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { ElementType, Tensor } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'
import { NODE_LIMITS } from '../limits.js'
import { tensorFromElements } from './elements.js'
import { type ImageOptions, imageToTensor } from './image.js'
import { decodeNpy } from './npy.js'
import { decodeWav } from './wav.js'

/** The model's input that a file is read for. */
export interface InputTarget {
  readonly name: string
  readonly type: string
  readonly dims?: readonly (number | string | null)[] | undefined
}

/**
 * Reads a file as a tensor for one input of a model, by its ending: `.npy`, `.json`, a picture
 * (`.png`, `.jpg`, `.webp`) or sound (`.wav`, float32 samples `[1, n]`).
 *
 * @throws NodeError `NODE_INPUT_FILE` naming the file and what is wrong with it.
 */
export async function readTensor(
  path: string,
  target: InputTarget,
  options: ImageOptions = {},
): Promise<Tensor> {
  const bytes = await readBounded(path)
  try {
    switch (extname(path).toLowerCase()) {
      case '.npy':
        return decodeNpy(bytes)
      case '.json':
        return decodeJson(bytes, target)
      case '.png':
      case '.jpg':
      case '.jpeg':
      case '.webp':
        return await imageToTensor(
          bytes,
          { type: target.type as ElementType, dims: target.dims ?? [] },
          options,
        )
      case '.wav':
        return decodeWav(bytes).tensor
      default:
        throw new NodeError(
          'NODE_INPUT_FILE',
          'Files ending in .npy, .json, .png, .jpg, .webp and .wav are read.',
        )
    }
  } catch (error) {
    throw new NodeError(
      'NODE_INPUT_FILE',
      `Input '${target.name}' from ${path}: ${(error as Error).message}`,
      {
        details: { input: target.name, path },
        cause: error,
      },
    )
  }
}

/** `{ "type": …, "dims": […], "data": […] }`, or nested arrays of the input's own type. */
function decodeJson(bytes: Uint8Array, target: InputTarget): Tensor {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
  const type = target.type as ElementType
  if (typeof value === 'object' && value !== null && 'data' in value) {
    const given = value as { type?: ElementType; dims?: number[]; data: unknown }
    return fromArrays(given.type ?? type, given.data, given.dims)
  }
  return fromArrays(type, value)
}

function fromArrays(type: ElementType, data: unknown, dims: readonly number[] = shapeOf(data)): Tensor {
  const elements = Array.isArray(data) ? data.flat(Number.POSITIVE_INFINITY) : [data]
  return tensorFromElements(type, elements, dims)
}

function shapeOf(data: unknown): number[] {
  const shape: number[] = []
  for (let at = data; Array.isArray(at); at = at[0]) shape.push(at.length)
  return shape
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > NODE_LIMITS.inputFileBytes)
      throw new NodeError(
        'NODE_INPUT_FILE',
        `${path} has ${size} bytes; at most ${NODE_LIMITS.inputFileBytes} are read.`,
      )
    return await readFile(path)
  } catch (error) {
    if (error instanceof NodeError) throw error
    throw new NodeError('NODE_INPUT_FILE', `${path} cannot be read: ${(error as Error).message}.`, {
      details: { path },
      cause: error,
    })
  }
}
