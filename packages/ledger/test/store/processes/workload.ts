import { createHash } from 'node:crypto'
import type { BlockResults, StoredBlock } from '../../../src/store/block-store.ts'

const KEYS = 400
const CHANGES = 60

const digest = (...parts: (string | number)[]): Buffer =>
  createHash('sha256').update(parts.join('/')).digest()

/** What the block of a height changes: the same whoever asks. One in five removes. */
export function changesAt(height: number): Map<string, Uint8Array | undefined> {
  return new Map(
    Array.from({ length: CHANGES }, (_, index) => {
      const draw = digest('change', height, index)
      const key = `k/${draw.readUInt32LE() % KEYS}`
      return [key, draw[4]! < 51 ? undefined : new Uint8Array(draw.subarray(5, 6 + (draw[5]! % 26)))]
    }),
  )
}

export function blockAt(height: number): StoredBlock {
  const [id, block, commit] = ['id', 'block', 'commit'].map(part => new Uint8Array(digest(part, height)))
  return { height, id: id!, block: block!, commit: commit! }
}

export function resultsAt(height: number): BlockResults {
  const transactions = [0, 1, 2].map(index => ({
    id: new Uint8Array(digest('transaction', height, index)),
    accounts: [`account${height % 7}`, `account${index}`],
  }))
  const [results, light] = ['results', 'light'].map(kind => new Uint8Array(digest(kind, height)))
  return { results: results!, light: light!, transactions }
}
