import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isCid } from '@neurovoyance/protocol'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'

/** Where a model comes from. */
export const modelSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('path'),
    path: z.string().min(1).max(4096),
    name: z.string().max(200).optional(),
    include: z.array(z.string().min(1).max(4096)).max(256).optional(),
  }),
  z.strictObject({ kind: z.literal('cid'), cid: z.string().min(1).max(200) }),
  z.strictObject({
    kind: z.literal('hub'),
    repository: z.string().regex(/^[\w.-]{1,96}\/[\w.-]{1,96}$/),
    revision: z
      .string()
      .regex(/^[\w./-]{1,100}$/)
      .default('main'),
    file: z.string().max(500).optional(),
    name: z.string().max(200).optional(),
  }),
])

export type ModelSource = z.output<typeof modelSourceSchema>

/** What a user may say beside the source. */
export interface SourceOptions {
  name?: string
  revision?: string
  file?: string
  include?: string[]
}

/**
 * Reads what a user typed: a folder or file that exists, else a CID, else `owner/name` of a Hugging Face
 * repository.
 *
 * @throws NodeError `NODE_MODEL_SOURCE` when it is none of them; `NODE_USAGE` where an option is not for such a source.
 */
export async function parseModelSource(text: string, options: SourceOptions = {}): Promise<ModelSource> {
  const path = resolve(text)
  if (await exists(path)) {
    refuse(
      options,
      ['file', 'revision'],
      `'${text}' is a folder or file here, and no Hugging Face repository`,
    )
    const { name, include } = options
    return { kind: 'path', path, ...(name !== undefined && { name }), ...(include && { include }) }
  }
  if (isCid(text)) {
    refuse(
      options,
      ['name', 'file', 'revision', 'include'],
      `'${text}' is a CID, which stands for the model as it is`,
    )
    return { kind: 'cid', cid: text }
  }
  refuse(options, ['include'], `'${text}' is no folder here`)
  const hub = modelSourceSchema.safeParse({
    kind: 'hub',
    repository: text.replace(/^hf:/, ''),
    revision: options.revision,
    file: options.file,
    name: options.name,
  })
  if (hub.success && !text.startsWith('.') && !text.startsWith('/')) return hub.data
  throw new NodeError(
    'NODE_MODEL_SOURCE',
    `'${text}' is no folder or file here, no CID and no Hugging Face repository (owner/name).`,
    {
      details: { source: text },
    },
  )
}

/** Options that would have no effect are a mistake of who gave them. */
function refuse(options: SourceOptions, unfit: readonly (keyof SourceOptions)[], why: string): void {
  const given = unfit.filter(option => options[option] !== undefined).map(option => `--${option}`)
  if (given.length === 0) return
  throw new NodeError('NODE_USAGE', `Leave out ${given.join(' and ')}: ${why}.`, {
    details: { options: given },
  })
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}
