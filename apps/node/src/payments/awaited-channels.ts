import { type ChainAccess, voucherChannel } from '@neurovoyance/ledger'
import { ChannelRecord, type Clock } from '@neurovoyance/protocol'
import { paymentRefused } from './refusals.js'

/** Channels that the ledger does not have yet as clients name them: a client that saw one opened, or topped up, may be a block ahead. */
export interface AwaitedChannels {
  /**
   * Waits a few blocks for a channel that so much was put in.
   *
   * @returns whether it is there
   * @throws NodeError `NODE_PAYMENT_REFUSED` where this peer, or all of them, wait for as many as may
   */
  appear(id: string, from: string, deposited?: bigint): Promise<boolean>
}

/** What waits for channels. */
export interface AwaitedChannelsInit {
  access: Pick<ChainAccess, 'chainId' | 'get'>
  clock: Pick<Clock, 'after'>
  /** Requests that wait at a time, of one peer and in all: anybody can name a channel that will never be. */
  mostOfPeer?: number
  most?: number
}

const LOOK_MS = 150
const LOOKS = 20
const MOST_OF_PEER = 8
const MOST = 256

interface Awaited {
  readonly id: string
  readonly deposited: bigint
  readonly requests: ((isThere: boolean) => void)[]
  looks: number
}

/** Looks for all of them at once, as long as there are any. */
export function awaitChannels(init: AwaitedChannelsInit): AwaitedChannels {
  const { access, clock, mostOfPeer = MOST_OF_PEER, most = MOST } = init
  const awaited = new Map<string, Awaited>()
  const ofPeer = new Map<string, number>()
  let requests = 0
  let isLooking = false

  function lookSoon(): void {
    isLooking = true
    clock.after(LOOK_MS, () => {
      void look().then(() => {
        isLooking = awaited.size > 0
        if (isLooking) lookSoon()
      })
    })
  }

  async function look(): Promise<void> {
    const looked = [...awaited]
    // a ledger that cannot be read has not got it: it is looked at again
    const values = await access.get(looked.map(([, { id }]) => `channels/${id}`)).catch(() => [])
    for (const [index, [key, one]] of looked.entries()) {
      const isThere = isCovered(one, values[index])
      if (!isThere && ++one.looks < LOOKS) continue
      awaited.delete(key)
      for (const answer of one.requests) answer(isThere)
    }
  }

  function isCovered({ id, deposited }: Awaited, value: Uint8Array | undefined): boolean {
    if (value === undefined) return false
    return (
      deposited === 0n ||
      voucherChannel(access.chainId, id, ChannelRecord.decode(value)).deposited >= deposited
    )
  }

  return {
    async appear(id, from, deposited = 0n) {
      const waiting = ofPeer.get(from) ?? 0
      if (waiting >= mostOfPeer || requests >= most) {
        throw paymentRefused(
          'busy',
          `The channel ${id} is not there as you name it, and too many wait for theirs: try again.`,
        )
      }
      ofPeer.set(from, waiting + 1)
      requests++
      try {
        return await new Promise<boolean>(resolve => {
          const key = `${id} ${deposited}`
          const known = awaited.get(key)
          if (known !== undefined) known.requests.push(resolve)
          else awaited.set(key, { id, deposited, requests: [resolve], looks: 0 })
          if (!isLooking) lookSoon()
        })
      } finally {
        requests--
        const left = ofPeer.get(from)! - 1
        if (left === 0) ofPeer.delete(from)
        else ofPeer.set(from, left)
      }
    },
  }
}
