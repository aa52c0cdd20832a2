import { type GossipSub, gossipsub, StrictSign, TopicValidatorResult } from '@libp2p/gossipsub'
import type { Libp2p, ServiceMap } from '@libp2p/interface'
import { P2pError } from '../errors.js'

/** Largest gossip message in bytes. */
export const GOSSIP_MESSAGE_MAX_BYTES = 64 * 1024

/** A gossip message whose signature has been checked. */
export interface GossipMessage {
  data: Uint8Array
  /** The peer that published and signed it (not the one that forwarded it). */
  from: string
}

/**
 * What to do with a message: `accept` forwards it, `ignore` drops it, `reject` drops it and counts
 * against the peer that sent it.
 */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

/** Judges and takes a message; runs before the message is forwarded. */
export type GossipHandler = (message: GossipMessage) => GossipVerdict | Promise<GossipVerdict>

/** Signed messages to everyone who subscribed to a topic. */
export interface Gossip {
  /** @throws P2pError `P2P_MESSAGE_TOO_LARGE` */
  publish(topic: string, data: Uint8Array): Promise<void>
  /** Takes part in a topic until the returned function is called. One handler for each topic. */
  subscribe(topic: string, handler: GossipHandler): () => void
}

/** The gossipsub service with our limits and policy. */
export function gossipService(): ReturnType<typeof gossipsub> {
  return gossipsub({
    globalSignaturePolicy: StrictSign,
    allowPublishToZeroTopicPeers: true,
    emitSelf: false,
    doPX: false,
    runOnLimitedConnection: true,
    maxInboundDataLength: GOSSIP_MESSAGE_MAX_BYTES,
  })
}

/** Gossip over a libp2p node that runs {@link gossipService} under the name `gossip`. */
export function createGossip(libp2p: Libp2p<ServiceMap & { gossip: GossipSub }>): Gossip {
  const pubsub = libp2p.services.gossip
  return {
    async publish(topic, data) {
      if (data.byteLength > GOSSIP_MESSAGE_MAX_BYTES) {
        throw new P2pError(
          'P2P_MESSAGE_TOO_LARGE',
          `a gossip message has ${data.byteLength} bytes, the limit is ${GOSSIP_MESSAGE_MAX_BYTES}`,
          { details: { topic, bytes: data.byteLength, maxBytes: GOSSIP_MESSAGE_MAX_BYTES } },
        )
      }
      await pubsub.publish(topic, data)
    },
    subscribe(topic, handler) {
      pubsub.topicValidators.set(topic, async (_source, message) => {
        if (message.type !== 'signed') return TopicValidatorResult.Reject
        return VERDICTS[await handler({ data: message.data, from: message.from.toString() })]
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
