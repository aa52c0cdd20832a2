import { extname } from 'node:path'
import type { Tensor } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'
import { writeFileAtomic } from './atomic.js'
import { tensorToElements } from './elements.js'
import { encodeNpy } from './npy.js'

/** A tensor as JSON: `{ type, dims, data }` with the elements in row-major order. */
export function tensorToJson(tensor: Tensor): { type: string; dims: readonly number[]; data: unknown[] } {
  return { type: tensor.type, dims: tensor.dims, data: tensorToElements(tensor) }
}

/** Writes a tensor to a `.npy` or `.json` file. @throws NodeError `NODE_OUTPUT_FILE` */
export async function writeTensor(path: string, tensor: Tensor): Promise<void> {
  const ending = extname(path).toLowerCase()
  if (ending === '.npy') return writeFileAtomic(path, encodeNpy(tensor))
  if (ending === '.json') return writeFileAtomic(path, `${JSON.stringify(tensorToJson(tensor))}\n`)
  throw new NodeError('NODE_OUTPUT_FILE', `Outputs are written as .npy or .json, not '${path}'.`, {
    details: { path },
  })
}
