import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createStateTree, type StateTree } from '../core/tree/index.js'
import { decodeHead, encodeHead, HEAD_BYTES, type Head } from './head.js'
import { nativeHasher } from './native-hasher.js'

/** The nodes of the tree at some height, in a file: the state's head, an image, and SHA-256 of both. */
const FILE = 'tree.checkpoint'

/** A tree as a checkpoint has it. */
export interface Checkpoint {
  readonly head: Head
  readonly tree: StateTree
}

/**
 * Writes the tree as it is now, while blocks go on; the checkpoint before stays until this one is whole.
 * `durable` resolves when the state of `head` is on the disk: a checkpoint may not be ahead of it.
 */
export async function writeCheckpoint(
  dir: string,
  tree: StateTree,
  head: Head,
  durable: Promise<void>,
): Promise<void> {
  const image = tree.image()
  try {
    const draft = join(dir, `${FILE}.draft`)
    const hash = createHash('sha256')
    // The first part is read before anything waits: it is what holds the tree still.
    let part = image.next()
    const file = await open(draft, 'w')
    try {
      const write = async (bytes: Uint8Array): Promise<void> => {
        hash.update(bytes)
        await file.write(bytes)
      }
      await write(encodeHead(head))
      for (; !part.done; part = image.next()) await write(part.value)
      await file.write(hash.digest())
      await file.sync()
    } finally {
      await file.close()
    }
    await durable
    await rename(draft, join(dir, FILE))
  } finally {
    image.return()
  }
}

/** The checkpoint in a folder; `undefined` where there is none, or it is damaged: a tree can always be rebuilt. */
export function readCheckpoint(dir: string): Checkpoint | undefined {
  let file: number
  try {
    file = openSync(join(dir, FILE), 'r')
  } catch {
    return undefined
  }
  try {
    const hash = createHash('sha256')
    const read = (target: Uint8Array): void => {
      if (readSync(file, target) !== target.length) throw new RangeError('the checkpoint is cut')
      hash.update(target)
    }
    const headBytes = new Uint8Array(HEAD_BYTES)
    read(headBytes)
    const head = decodeHead(headBytes)
    const tree = createStateTree({ hasher: nativeHasher, readImage: read })
    const digest = hash.digest()
    const expected = new Uint8Array(digest.length)
    readSync(file, expected)
    return digest.equals(expected) && Buffer.compare(tree.root(), head.root) === 0
      ? { head, tree }
      : undefined
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}

/** Before the state goes back: a checkpoint of a future that will be another is of no use. */
export function dropCheckpoint(dir: string): void {
  rmSync(join(dir, FILE), { force: true })
}
