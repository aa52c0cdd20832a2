import { dirname, extname } from 'node:path'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import type { Tensor } from '@neurovoyance/protocol'
import { makeFolder } from '../config/make-folder.js'
import { NodeError } from '../errors.js'
import { tensorToElements } from './elements.js'
import { encodeNpy } from './npy.js'

/** A tensor as JSON: `{ type, dims, data }` with the elements in row-major order. */
export function tensorToJson(tensor: Tensor): { type: string; dims: readonly number[]; data: unknown[] } {
  return { type: tensor.type, dims: tensor.dims, data: tensorToElements(tensor) }
}

const ENCODERS: Readonly<Record<string, (tensor: Tensor) => Uint8Array | string>> = {
  '.npy': encodeNpy,
  '.json': tensor => `${JSON.stringify(tensorToJson(tensor))}\n`,
}

/** Writes a tensor to a `.npy` or `.json` file. @throws NodeError `NODE_OUTPUT_FILE` */
export async function writeTensor(path: string, tensor: Tensor): Promise<void> {
  const encode = ENCODERS[extname(path).toLowerCase()]
  if (encode !== undefined) {
    await makeFolder(dirname(path), 0o755)
    return writeFileAtomic(path, encode(tensor), { mode: 0o644 })
  }
  throw new NodeError('NODE_OUTPUT_FILE', `Outputs are written as .npy or .json, not '${path}'.`, {
    details: { path },
  })
}
