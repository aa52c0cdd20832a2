import { decodeHead, type Head } from './head.js'
import { KEYS, under } from './keys.js'
import type { Database } from './writer.js'

/** The state at one height, readable while later blocks are applied. Close it, or the database keeps it for ever. */
export interface StateSnapshot {
  /** `undefined` where the store is empty. */
  readonly head: Head | undefined
  /** Every key and value, in order of the keys' bytes. */
  entries(): AsyncGenerator<readonly [key: string, value: Uint8Array]>
  close(): Promise<void>
}

/** The state as the database has it now. */
export function takeSnapshot(database: Database): StateSnapshot {
  const snapshot = database.snapshot()
  const head = database.getSync(KEYS.state, { snapshot })
  return {
    head: head && decodeHead(head),
    async *entries() {
      const iterator = database.iterator({ ...under('s/'), snapshot, highWaterMarkBytes: 2 ** 20 })
      try {
        for (;;) {
          const some = await iterator.nextv(1_000)
          if (some.length === 0) return
          for (const [key, value] of some) yield [key.slice(2), value]
        }
      } finally {
        await iterator.close()
      }
    },
    close: () => snapshot.close(),
  }
}
