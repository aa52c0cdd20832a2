import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { elementTypeOf, isTensorElementType } from '@neurovoyance/onnx'
import { type Tensor, type TensorMap, tensorFromBytes } from '@neurovoyance/protocol'
import { pythonWith } from '../python.js'

/** The release whose tests are run: other releases have other tests, and other counts. */
const PACKAGES = ['onnx==1.23.2']
const CACHE = fileURLToPath(new URL('../../../../.cache/onnx-backend', import.meta.url))

/** One test of the ONNX project: a model and one set of inputs. */
export interface BackendCase {
  /** `node`, `simple`, `pytorch-operator`, `pytorch-converted` or `real`. */
  readonly kind: string
  /** Unique: kind and name. */
  readonly name: string
  /** The `.onnx` file, absolute; several cases may share it. */
  readonly model: string
  /** Absent where one of them is nothing that ONNX Runtime's JavaScript API has. */
  readonly inputs?: TensorMap
  /** What that one is. */
  readonly unsupported?: string
}

interface WrittenInput {
  readonly name: string
  readonly type: number
  readonly dims: readonly number[]
  readonly offset: number
  readonly bytes: number
}

interface WrittenCase {
  readonly kind: string
  readonly name: string
  readonly model: string
  readonly inputs: readonly WrittenInput[] | null
  readonly unsupported: string | null
}

/** The backend tests of the PyPI package `onnx`, written once; `undefined` where Python or PyPI are absent. */
export async function backendCases(): Promise<readonly BackendCase[] | undefined> {
  const script = await readFile(new URL('./write-cases.py', import.meta.url), 'utf8')
  const version = createHash('sha256').update(PACKAGES.join()).update(script).digest('hex').slice(0, 16)
  const folder = join(CACHE, version)
  if (!existsSync(folder)) {
    const python = await pythonWith(PACKAGES)
    if (python === undefined) return undefined
    const draft = `${folder}.${process.pid}`
    await mkdir(draft, { recursive: true })
    await python.run(script, [draft])
    await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  }
  const elements = await readFile(join(folder, 'inputs.bin'))
  const written = JSON.parse(await readFile(join(folder, 'cases.json'), 'utf8')) as readonly WrittenCase[]
  return written.map(({ kind, name, model, ...each }) => ({
    kind,
    name: `${kind} ${name}`,
    model: join(folder, model),
    ...(each.inputs === null ? { unsupported: each.unsupported! } : readInputs(each.inputs, elements)),
  }))
}

function readInputs(
  written: readonly WrittenInput[],
  elements: Uint8Array,
): Pick<BackendCase, 'inputs' | 'unsupported'> {
  const inputs: Record<string, Tensor> = {}
  for (const { name, type: code, dims, offset, bytes } of written) {
    const type = elementTypeOf(code)
    if (type === undefined || !isTensorElementType(type))
      return { unsupported: `a tensor of ${type ?? code}` }
    inputs[name] = tensorFromBytes(type, dims, new Uint8Array(elements.subarray(offset, offset + bytes)))
  }
  return { inputs }
}
