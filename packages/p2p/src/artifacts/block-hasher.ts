import { Worker } from 'node:worker_threads'
import { cancelledError } from './cancel.js'

/** What the thread runs: given as text, so that it stays with this package wherever it is bundled. */
const THREAD = `
const { parentPort } = require('node:worker_threads')
const { createHash } = require('node:crypto')
parentPort.on('message', block => parentPort.postMessage(createHash('sha256').update(block).digest()))
`

interface Pending {
  resolve(digest: Uint8Array): void
  reject(error: Error): void
}

/**
 * SHA-256 of blocks on a thread of its own, for the path on which this one is busy receiving.
 *
 * Blocks in shared memory (`BufferPool` gives them) are not copied. WebCrypto would copy them here first, which takes
 * this thread as long as hashing them does.
 */
export class BlockHasher {
  #worker: Worker | undefined
  /** In the order in which the thread answers. */
  #pending: Pending[] = []

  digest(block: Uint8Array): Promise<Uint8Array> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject })
      worker.postMessage(block)
    })
  }

  /** Ends the thread; what it was at is cancelled. */
  async close(): Promise<void> {
    const worker = this.#worker
    this.#fail(cancelledError('download'))
    await worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { eval: true })
    worker.unref()
    worker.on('message', (digest: Uint8Array) => this.#pending.shift()?.resolve(digest))
    worker.on('error', error => {
      if (this.#worker === worker) this.#fail(error instanceof Error ? error : new Error(String(error)))
    })
    return worker
  }

  #fail(error: Error): void {
    const pending = this.#pending
    this.#pending = []
    this.#worker = undefined
    for (const { reject } of pending) reject(error)
  }
}
