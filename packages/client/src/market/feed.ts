import type { Host } from '@neurovoyance/p2p'
import { type Clock, errorCode, type Logger, MarketService, TOPICS } from '@neurovoyance/protocol'
import type { Market } from '@neurovoyance/scheduler'

/** How long a peer may take to list its offers while somebody waits for them. */
const LIST_TIMEOUT_MS = 3_000
/** How long a newcomer may take: a whole hive may be starting on its machine. */
const GREET_TIMEOUT_MS = 15_000

/** How many listed offers are verified before whatever else waits is done. */
const OFFERS_AT_A_TIME = 32

/** How many peers are asked for offers at a time. */
const PEERS_ASKED = 8

/** So many newcomers are asked for all their offers in so long; who comes with many brings nothing new by then. */
const GREETED = { peers: 3, everyMs: 3_000 }

/** Brings offers into the market: by gossip, and from a peer when it connects or when it is asked to. */
export interface MarketFeed {
  /** Asks connected peers for their offers, of one model or of all, and takes what they know. */
  refresh(query?: { model?: string; signal?: AbortSignal }): Promise<void>
  /** Stops listening. */
  close(): void
}

/** What a feed is made from. */
export interface MarketFeedInit {
  host: Host
  market: Market
  clock: Clock
  logger: Logger
}

/** Starts to feed a market. */
export function feedMarket({ host, market, clock, logger }: MarketFeedInit): MarketFeed {
  let greetedAtMs: number[] = []
  const stopGossip = host.gossip.subscribe(
    TOPICS.offers,
    async ({ data, via }) => (await market.acceptOffer(data, via)).verdict,
  )
  const stopPeers = host.onPeer(({ type, peerId }) => {
    if (type === 'disconnect') market.peerGone(peerId)
    else void greet(peerId)
  })

  async function greet(peerId: string): Promise<void> {
    market.peerSeen(peerId)
    const nowMs = clock.monotonicMs()
    greetedAtMs = greetedAtMs.filter(atMs => nowMs - atMs < GREETED.everyMs)
    if (greetedAtMs.length >= GREETED.peers) return
    greetedAtMs.push(nowMs)
    const isAnswered = await ask(peerId, {}, GREET_TIMEOUT_MS)
    if (!isAnswered) greetedAtMs = greetedAtMs.filter(atMs => atMs !== nowMs)
  }

  /** Whether a peer has answered. One that lists no offers, such as one that is only a relay, is no failure. */
  async function ask(
    peerId: string,
    { model, signal }: { model?: string; signal?: AbortSignal },
    timeoutMs = LIST_TIMEOUT_MS,
  ): Promise<boolean> {
    try {
      const request = { body: { limit: 0, ...(model !== undefined && { model }) } }
      const options = { timeoutMs, ...(signal && { signal }) }
      const { body } = await host.rpc.call(peerId, MarketService, 'ListOffers', request, options)
      for (let at = 0; at < body.offers.length; at += OFFERS_AT_A_TIME) {
        const some = body.offers.slice(at, at + OFFERS_AT_A_TIME)
        await Promise.all(some.map(offer => market.acceptOffer(offer, peerId)))
        // Thousands of signatures must not hold up pings and answers.
        await new Promise(resolve => setTimeout(resolve, 0))
      }
      return true
    } catch (error) {
      logger.debug({ peerId, code: errorCode(error) }, 'a peer did not list its offers')
      return false
    }
  }

  for (const { peerId } of host.peers()) void greet(peerId)

  return {
    async refresh(query = {}) {
      const peers = host.peers().slice(0, PEERS_ASKED)
      await Promise.all(peers.map(({ peerId }) => ask(peerId, query)))
    },
    close() {
      stopGossip()
      stopPeers()
    },
  }
}
