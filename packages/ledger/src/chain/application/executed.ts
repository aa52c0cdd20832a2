import type { OpenBlock } from '../../core/block/check.js'
import type { Applied } from '../../core/machine/apply.js'

/** What a block is, and what it does to the state after the block before. */
export interface Executed {
  readonly open: OpenBlock
  readonly applied: Applied
}

/**
 * What is known of blocks from building, checking or fetching them, so that deciding does no work twice. By the
 * bytes themselves: they are the same object all along, and what nobody holds any more is forgotten.
 */
export class KnownBlocks {
  readonly #opened = new WeakMap<Uint8Array, OpenBlock>()
  readonly #executed = new WeakMap<Uint8Array, Executed>()

  /** A block that was read, with the signatures in it. */
  opened(bytes: Uint8Array): OpenBlock | undefined {
    return this.#opened.get(bytes) ?? this.#executed.get(bytes)?.open
  }

  noteOpened(bytes: Uint8Array, open: OpenBlock): void {
    this.#opened.set(bytes, open)
  }

  executed(bytes: Uint8Array): Executed | undefined {
    return this.#executed.get(bytes)
  }

  noteExecuted(bytes: Uint8Array, executed: Executed): void {
    this.#executed.set(bytes, executed)
  }
}
