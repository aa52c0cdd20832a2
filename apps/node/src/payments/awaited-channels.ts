import type { ChainAccess } from '@neurovoyance/ledger'
import type { Clock } from '@neurovoyance/protocol'
import { paymentRefused } from './refusals.js'

/** Channels that clients named and the ledger does not have yet: one that a client saw opened may be a block ahead. */
export interface AwaitedChannels {
  /**
   * Waits a few blocks for a channel.
   *
   * @returns whether it is there
   * @throws NodeError `NODE_PAYMENT_REFUSED` where this peer, or all of them, wait for as many as may
   */
  appear(id: string, from: string): Promise<boolean>
}

/** What waits for channels. */
export interface AwaitedChannelsInit {
  access: Pick<ChainAccess, 'get'>
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
    const ids = [...awaited.keys()]
    // a ledger that cannot be read has not got it: it is looked at again
    const values = await access.get(ids.map(id => `channels/${id}`)).catch(() => [])
    for (const [index, id] of ids.entries()) {
      const one = awaited.get(id)!
      const isThere = values[index] !== undefined
      if (!isThere && ++one.looks < LOOKS) continue
      awaited.delete(id)
      for (const answer of one.requests) answer(isThere)
    }
  }

  return {
    async appear(id, from) {
      const waiting = ofPeer.get(from) ?? 0
      if (waiting >= mostOfPeer || requests >= most) {
        throw paymentRefused('busy', `There is no channel ${id}, and too many wait for theirs: try again.`)
      }
      ofPeer.set(from, waiting + 1)
      requests++
      try {
        return await new Promise<boolean>(resolve => {
          const known = awaited.get(id)
          if (known !== undefined) known.requests.push(resolve)
          else awaited.set(id, { requests: [resolve], looks: 0 })
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
