import type { ClassicLevel } from 'classic-level'
import { storeError } from './errors.js'

/** The database of a ledger: text keys, bytes as values. */
export type Database = ClassicLevel<string, Uint8Array>

/** One write of an atomic batch; no value removes. */
export type Write = readonly [key: string, value: Uint8Array | undefined]

/**
 * Writes atomic batches to the disk, one after the other in the order given, while the caller goes on. After a
 * batch that fails nothing is written any more: what follows would rest on something that is not there.
 */
export class Writer {
  readonly #database: Database
  /** The batches that are not on the disk yet, oldest first; these promises never reject. */
  readonly #waiting: Promise<void>[] = []
  #failure: unknown

  constructor(database: Database) {
    this.#database = database
  }

  /** @throws StoreError `LEDGER_STORE_FAILED` after a failure */
  assertSound(): void {
    if (this.#failure !== undefined) throw this.#failed()
  }

  /** Writes nothing any more: memory is no longer what a later batch would say. */
  fail(error: unknown): void {
    this.#failure ??= error
  }

  /**
   * Resolves when the batch is on the disk (fsync). It is not written before `allowed` resolves; where that rejects,
   * it never is.
   */
  write(writes: Iterable<Write>, allowed?: Promise<void>): Promise<void> {
    this.assertSound()
    const batch = this.#database.batch()
    for (const [key, value] of writes) {
      if (value === undefined) batch.del(key)
      else batch.put(key, value)
    }
    const written = this.#after(this.#waiting.at(-1), batch, allowed)
    // Whoever waits for `written` learns of a failure; the next batch only has to see it.
    const settled = written
      .catch(() => {})
      .then(() => {
        this.#waiting.shift()
      })
    this.#waiting.push(settled)
    return written
  }

  /** Resolves when at most `batches` are not on the disk. */
  async room(batches: number): Promise<void> {
    while (this.#waiting.length > batches) await this.#waiting[0]
    this.assertSound()
  }

  async #after(
    previous: Promise<void> | undefined,
    batch: ReturnType<Database['batch']>,
    allowed: Promise<void> | undefined,
  ): Promise<void> {
    await previous
    try {
      if (allowed !== undefined) await this.#allowed(allowed, batch)
      if (this.#failure === undefined) return await batch.write({ sync: true })
      await batch.close()
    } catch (error) {
      this.fail(error)
    }
    throw this.#failed()
  }

  async #allowed(allowed: Promise<void>, batch: ReturnType<Database['batch']>): Promise<void> {
    try {
      await allowed
    } catch (error) {
      await batch.close()
      throw error
    }
  }

  #failed(): Error {
    return storeError(
      'LEDGER_STORE_FAILED',
      'The store failed: nothing is written any more. Check the disk and open the store again.',
      undefined,
      this.#failure,
    )
  }
}
