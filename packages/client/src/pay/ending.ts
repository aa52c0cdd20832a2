import type { ChainAccess } from '@neurovoyance/ledger'
import { ChannelRecord, type Logger } from '@neurovoyance/protocol'
import type { Vault } from './vault.js'

/** What fetches the rest of channels whose end was asked of the ledger. */
export interface EndingInit {
  readonly access: Pick<ChainAccess, 'get' | 'head'>
  readonly vault: Pick<Vault, 'withdraw'>
  readonly graceMs: number
  readonly logger: Logger
}

/** Channels whose end was asked of the ledger: what is left in them comes back when the grace time is over. */
export class Ending {
  readonly #init: EndingInit
  readonly #ids: Set<string>

  constructor(init: EndingInit, ids: readonly string[]) {
    this.#init = init
    this.#ids = new Set(ids)
  }

  list(): string[] {
    return [...this.#ids]
  }

  add(channel: string): void {
    this.#ids.add(channel)
  }

  /** Fetches what is due; forgets what is gone. */
  async collect(): Promise<void> {
    const ids = this.list()
    if (ids.length === 0) return
    const { access, vault, graceMs, logger } = this.#init
    const [{ timeMs }, values] = await Promise.all([
      access.head(),
      access.get(ids.map(id => `channels/${id}`)),
    ])
    for (const [index, id] of ids.entries()) {
      const value = values[index]
      const askedAtMs = value && ChannelRecord.decode(value).closeRequestedAtMs
      try {
        if (value !== undefined && askedAtMs !== undefined && askedAtMs + graceMs <= timeMs) {
          await vault.withdraw(id)
        } else if (value !== undefined) continue
        this.#ids.delete(id)
      } catch (error) {
        logger.warn({ channel: id, error }, 'the rest of a channel could not be withdrawn yet')
      }
    }
  }
}
