import type { SignedVoucher } from '@neurovoyance/protocol'
import type { PaidChannel } from './core/purse.js'
import type { PayingAccount } from './teller.js'
import { createVoucherPen, type VoucherPen } from './voucher-pen.js'

/** What is under way on one channel. */
export class Page {
  readonly pen: VoucherPen
  channel: PaidChannel
  /** The latest voucher. */
  latest: SignedVoucher | undefined
  /** The top-up that is under way. */
  adding: Promise<boolean> | undefined
  readonly #waiting = new Set<() => void>()

  constructor(chainId: string, account: Pick<PayingAccount, 'sign'>, channel: PaidChannel) {
    this.pen = createVoucherPen(chainId, channel.id, account)
    this.channel = { ...channel, reserved: 0n }
    this.latest = channel.signed > 0n ? this.pen.sign(channel.signed) : undefined
  }

  /** Has everybody look again who waits for a change. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** Resolves when something changed, or the signal aborts. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
