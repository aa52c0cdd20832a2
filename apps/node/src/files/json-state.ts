import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { isMissing } from './is-missing.js'

/**
 * Reads a file of our own state; `undefined` where there is none.
 *
 * @throws NodeError `NODE_STATE_DAMAGED` when it is not what we write there
 */
export async function readState<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (isMissing(error)) return undefined
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
    throw new NodeError(
      'NODE_STATE_DAMAGED',
      `${path} cannot be read as what was written there. Move it away and start again: it is made anew.`,
      {
        details: { path },
        cause: error,
      },
    )
  }
}
