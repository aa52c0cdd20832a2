import type { TensorDescription } from '@neurovoyance/onnx'
import {
  decodeTensorFrame,
  encodeTensorFrame,
  LIMITS,
  type NamedFrame,
  type TensorMap,
  tensorFrameHeader,
} from '@neurovoyance/protocol'
import { type BodyLayout, type FrameChunks, layOutFrames, MAX_BODY_BYTES } from '../channel/framing.js'
import { RuntimeError } from '../errors.js'

/** A run's inputs: laid out for the pipe, and what can be said of them before their elements are looked at. */
export interface Inputs {
  readonly layout: BodyLayout
  readonly shapes: readonly TensorDescription[]
}

/**
 * Inputs that came as frames; nothing is copied.
 *
 * @throws ProtocolError where a frame is malformed; RuntimeError RUNTIME_TOO_LARGE, RUNTIME_BAD_MESSAGE
 */
export function inputsFromFrames(frames: readonly NamedFrame[]): Inputs {
  checkCount(frames.length)
  const shapes: TensorDescription[] = []
  const chunks: FrameChunks[] = []
  for (const { name, frame } of frames) {
    const { type, dims, headerBytes, byteLength } = tensorFrameHeader(frame)
    if (headerBytes + byteLength !== frame.byteLength) {
      throw new RuntimeError('RUNTIME_BAD_MESSAGE', `The frame of input '${name}' has a wrong length`, {
        details: { name, expectedBytes: headerBytes + byteLength, bytes: frame.byteLength },
      })
    }
    shapes.push({ name, type, dims })
    chunks.push({ name, chunks: [frame], payloadBytes: byteLength })
  }
  return { layout: layOut(chunks), shapes }
}

/**
 * Inputs that came as tensors, over the tensors' own memory.
 *
 * @throws ProtocolError where a tensor is malformed; RuntimeError RUNTIME_TOO_LARGE
 */
export function inputsFromTensors(tensors: TensorMap): Inputs {
  const entries = Object.entries(tensors)
  checkCount(entries.length)
  const shapes = entries.map(([name, { type, dims }]) => ({ name, type, dims }))
  return { layout: layOutTensors(tensors), shapes }
}

/** Frames of tensors, over the tensors' own memory; only strings are packed. */
export function layOutTensors(tensors: TensorMap): BodyLayout {
  return layOut(
    Object.entries(tensors).map(([name, tensor]) => {
      const [header, payload] = encodeTensorFrame(tensor)
      return { name, chunks: [header, payload], payloadBytes: payload.byteLength }
    }),
  )
}

/** Tensors over the frames' memory. */
export function tensorsFromFrames(frames: readonly NamedFrame[]): TensorMap {
  const tensors: Record<string, TensorMap[string]> = {}
  for (const { name, frame } of frames) tensors[name] = decodeTensorFrame(frame)
  return tensors
}

function layOut(frames: readonly FrameChunks[]): BodyLayout {
  const layout = layOutFrames(frames)
  if (layout.bytes > MAX_BODY_BYTES) throw tooLarge('bytes', layout.bytes, MAX_BODY_BYTES)
  return layout
}

function checkCount(tensors: number): void {
  if (tensors > LIMITS.tensors) throw tooLarge('tensors', tensors, LIMITS.tensors)
}

function tooLarge(unit: string, value: number, limit: number): RuntimeError {
  return new RuntimeError(
    'RUNTIME_TOO_LARGE',
    `One run takes at most ${limit} ${unit} either way, not ${value}`,
    {
      details: { unit, value, limit },
    },
  )
}
