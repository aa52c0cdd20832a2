import { type GossipSub, gossipsub, StrictSign, TopicValidatorResult } from '@libp2p/gossipsub'
import type { Libp2p, PeerId, ServiceMap } from '@libp2p/interface'
import { LIMITS, type Logger } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'

/** A gossip message whose signature has been checked. */
export interface GossipMessage {
  data: Uint8Array
  /** The peer that published and signed it. */
  from: string
  /** The neighbour that handed it on: limits per sender are kept by this one, because anybody can make publishers. */
  via: string
}

/**
 * What to do with a message: `accept` forwards it, `ignore` drops it, `reject` drops it and counts
 * against the peer that sent it.
 */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

/** Judges and takes a message; runs before the message is forwarded. What it throws counts as `ignore`. */
export type GossipHandler = (message: GossipMessage) => GossipVerdict | Promise<GossipVerdict>

/** Signed messages to everyone who subscribed to a topic. */
export interface Gossip {
  /** @throws P2pError `P2P_MESSAGE_TOO_LARGE` */
  publish(topic: string, data: Uint8Array): Promise<void>
  /** Takes part in a topic until the returned function is called. One handler for each topic. */
  subscribe(topic: string, handler: GossipHandler): () => void
}

/** To how many peers a topic's messages go on; the others are told what there is, and ask. */
const MESH = { D: 4, Dlo: 3, Dscore: 2, Dout: 1 }

/** The gossipsub service with our limits and policy. */
export function gossipService(): ReturnType<typeof gossipsub> {
  return gossipsub({
    globalSignaturePolicy: StrictSign,
    allowPublishToZeroTopicPeers: true,
    emitSelf: false,
    doPX: false,
    // a message goes to a few and on from them: in a small network everybody has most messages many times anyway
    floodPublish: false,
    ...MESH,
    // peers behind a relay take part too
    runOnLimitedConnection: true,
    maxInboundDataLength: LIMITS.gossipBytes,
    maxOutboundBufferSize: 64 * LIMITS.gossipBytes,
    decodeRpcLimits: {
      maxSubscriptions: 128,
      maxMessages: 256,
      maxIhaveMessageIDs: 5_000,
      maxIwantMessageIDs: 5_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 256,
      maxPeerInfos: 16,
    },
    // a whole hive may sit behind one address; limits are kept per peer
    scoreParams: { IPColocationFactorWeight: 0 },
  })
}

/** What keeps gossip within its limits. */
export interface GossipGuard {
  /** Whether a peer may hand on messages of this cost now. */
  admit(source: PeerId, cost: number): boolean
  logger: Logger
}

/** What a rejected message costs the peer that handed it on, in messages. */
const REJECTED_COST = 32

/** Gossip over a libp2p node that runs {@link gossipService} under the name `gossip`. */
export function createGossip(
  libp2p: Libp2p<ServiceMap & { gossip: GossipSub }>,
  { admit, logger }: GossipGuard,
): Gossip {
  const pubsub = libp2p.services.gossip

  const judge = async (
    topic: string,
    handler: GossipHandler,
    message: GossipMessage,
  ): Promise<GossipVerdict> => {
    try {
      return await handler(message)
    } catch (error) {
      logger.warn({ topic, from: message.from, error }, 'gossip handler failed')
      return 'ignore'
    }
  }

  return {
    async publish(topic, data) {
      if (data.byteLength > LIMITS.gossipBytes) {
        throw new P2pError(
          'P2P_MESSAGE_TOO_LARGE',
          `a gossip message has ${data.byteLength} bytes, the limit is ${LIMITS.gossipBytes}: send a CID instead`,
          { details: { topic, bytes: data.byteLength, maxBytes: LIMITS.gossipBytes } },
        )
      }
      await pubsub.publish(topic, data)
    },
    subscribe(topic, handler) {
      pubsub.topicValidators.set(topic, async (source, message) => {
        if (!admit(source, 1)) return TopicValidatorResult.Ignore
        if (message.type !== 'signed') return TopicValidatorResult.Reject
        const verdict = await judge(topic, handler, {
          data: message.data,
          from: message.from.toString(),
          via: source.toString(),
        })
        if (verdict === 'reject') admit(source, REJECTED_COST)
        return VERDICTS[verdict]
      })
      pubsub.subscribe(topic)
      return () => {
        pubsub.unsubscribe(topic)
        pubsub.topicValidators.delete(topic)
      }
    },
  }
}

const VERDICTS: Record<GossipVerdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}
