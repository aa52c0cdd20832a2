import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { elementTypeOf, isTensorElementType } from '@neurovoyance/onnx'
import { type TensorMap, tensorFromBytes } from '@neurovoyance/protocol'
import { pythonWith } from '../python.js'

/** The release whose tests are run: other releases have other tests, and other counts. */
const PACKAGES = ['onnx==1.23.2']
const CACHE = fileURLToPath(new URL('../../../../.cache/onnx-backend', import.meta.url))

/** One test of the ONNX project: a model and one set of inputs. */
export interface BackendCase {
  /** `node`, `simple`, `pytorch-operator`, `pytorch-converted` or `real`. */
  readonly kind: string
  readonly name: string
  /** The `.onnx` file, absolute; several cases may share it. */
  readonly model: string
  /** The inputs, or what one of them is that no tensor of ONNX Runtime's JavaScript API can be. */
  readonly inputs: TensorMap | { readonly unsupported: string }
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
  readonly why: string | null
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
  const inputs = await readFile(join(folder, 'inputs.bin'))
  const written = JSON.parse(await readFile(join(folder, 'cases.json'), 'utf8')) as readonly WrittenCase[]
  return written.map(({ kind, name, model, ...each }) => ({
    kind,
    name,
    model: join(folder, model),
    inputs: each.inputs === null ? { unsupported: each.why! } : readInputs(each.inputs, inputs),
  }))
}

function readInputs(written: readonly WrittenInput[], file: Uint8Array): BackendCase['inputs'] {
  const inputs: Record<string, TensorMap[string]> = {}
  for (const { name, type: code, dims, offset, bytes } of written) {
    const type = elementTypeOf(code)
    if (type === undefined || !isTensorElementType(type))
      return { unsupported: `a tensor of ${type ?? code}` }
    inputs[name] = tensorFromBytes(type, dims, file.slice(offset, offset + bytes))
  }
  return inputs
}
