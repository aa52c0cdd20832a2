import { z } from 'zod'
import { NodeError } from '../../errors.js'

/** A file of a repository on the hub. */
export interface HubFile {
  readonly path: string
  readonly bytes: number
}

const MAX_FILES = 10_000
const listingSchema = z
  .array(
    z.object({ type: z.string(), path: z.string().max(1000), size: z.number().nonnegative().optional() }),
  )
  .max(MAX_FILES)

/**
 * Reads the files from what a hub answers to `tree/<revision>?recursive=true`.
 *
 * @throws NodeError `NODE_HUB_UNREACHABLE` where it is something else
 */
export function decodeListing(bytes: Uint8Array): HubFile[] {
  let entries: z.output<typeof listingSchema>
  try {
    entries = listingSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new NodeError(
      'NODE_HUB_UNREACHABLE',
      'The hub answered with something that is no list of files. Check HF_ENDPOINT: it may not be a hub.',
      { cause },
    )
  }
  return entries.filter(({ type }) => type === 'file').map(({ path, size }) => ({ path, bytes: size ?? 0 }))
}
