import { z } from 'zod'
import { confinedPath } from '../check/paths.js'
import { isTensorElementType, type OnnxElementType } from '../element-types.js'
import { MODEL_ID_PREFIX } from '../identity/model-id.js'

/** Version of the manifest; another one is refused. */
export const MANIFEST_FORMAT = 'neurovoyance-bundle/1'

/**
 * What a `neurovoyance.json` must be. A function, so that programs which read no manifest can leave the
 * schema library out of their bundle.
 */
export function manifestSchema() {
  schema ??= createSchema()
  return schema
}

let schema: ReturnType<typeof createSchema> | undefined

function createSchema() {
  const tensors = z.array(tensorSignature()).max(4096)
  const externalFile = z.object({ path: bundlePath(), bytes: size() })
  const model = z.object({
    name: z.string().min(1).max(1024),
    path: bundlePath(),
    id: z.string().regex(new RegExp(`^${MODEL_ID_PREFIX}[0-9a-f]{64}$`), 'is no canonical model id'),
    inputs: tensors,
    outputs: tensors,
    externalData: z.array(externalFile).max(4096),
  })
  return z
    .object({
      format: z.literal(MANIFEST_FORMAT),
      name: z.string().min(1).max(256),
      default: z.string().max(1024),
      models: z.array(model).min(1).max(1024),
    })
    .refine(({ models }) => isDistinct(models.map(({ name }) => name)), 'two models have one name')
    .refine(
      ({ models, default: name }) => models.some(model => model.name === name),
      'the default is no model of it',
    )
}

function tensorSignature() {
  return z.object({
    name: z.string().max(4096),
    type: z.string().refine(type => isTensorElementType(type as OnnxElementType), 'is no element type'),
    dims: z
      .array(z.union([size(), z.string().min(1).max(4096), z.null()]))
      .max(32)
      .nullable(),
    optional: z.boolean(),
  })
}

function bundlePath() {
  return z.string().transform((path, context) => {
    try {
      return confinedPath(path)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })
}

/** Adding 0 turns −0, which JSON can write, into 0. */
function size() {
  return z
    .int()
    .min(0)
    .transform(value => value + 0)
}

function isDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length
}
