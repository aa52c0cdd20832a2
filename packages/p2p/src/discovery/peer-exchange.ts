import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import type { Random } from '@neurovoyance/protocol'
import { MAX_PEERS, readListedPeer, readPeerCount } from './peer-exchange-message.js'
import { shuffle } from './shuffle.js'

/** The protocol by which a peer tells whom it is connected to. */
export const PEERS_PROTOCOL = '/neurovoyance/peers/1.0.0'

/** Largest signed peer record (identify's own limit). */
const MAX_RECORD_BYTES = 8 * 1024
const TIMEOUT_MS = 5_000

/** Asks peers for the peers they are connected to, and answers the same. */
export interface PeerExchange {
  /**
   * The peers that `connection`'s other end is connected to and this host is not; their signed addresses are in the
   * peer store then.
   */
  ask(connection: Connection, signal: AbortSignal): Promise<PeerId[]>
}

/**
 * Answers peer exchange on a libp2p node that has not started yet.
 *
 * An answer is a count, then that many pairs of a peer id and the record of its addresses that the peer itself
 * has signed: nobody can be listed who is not connected, nor at an address it does not claim.
 */
export async function servePeerExchange(libp2p: Libp2p, random: Random): Promise<PeerExchange> {
  const records = async (asker: PeerId): Promise<Array<{ id: string; record: Uint8Array }>> => {
    const found: Array<{ id: string; record: Uint8Array }> = []
    for (const peerId of shuffle(libp2p.getPeers(), random)) {
      if (found.length === MAX_PEERS) break
      if (peerId.equals(asker) || !(await libp2p.peerStore.has(peerId))) continue
      const { peerRecordEnvelope } = await libp2p.peerStore.get(peerId)
      if (peerRecordEnvelope !== undefined && peerRecordEnvelope.byteLength <= MAX_RECORD_BYTES) {
        found.push({ id: peerId.toString(), record: peerRecordEnvelope })
      }
    }
    return found
  }

  const answer = async (stream: Stream, connection: Connection): Promise<void> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const frames = lpStream(stream)
    const found = await records(connection.remotePeer)
    await frames.write(Uint8Array.of(found.length), { signal })
    for (const { id, record } of found) {
      await frames.write(new TextEncoder().encode(id), { signal })
      await frames.write(record, { signal })
    }
    await stream.close({ signal })
  }

  await libp2p.handle(
    PEERS_PROTOCOL,
    (stream, connection) => {
      answer(stream, connection).catch(error => stream.abort(error))
    },
    { maxInboundStreams: 4, runOnLimitedConnection: true },
  )

  return {
    async ask(connection, signal) {
      const stream = await connection.newStream(PEERS_PROTOCOL, { signal, runOnLimitedConnection: true })
      try {
        return await readAnswer(libp2p, stream, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
      } finally {
        stream.close().catch(error => stream.abort(error))
      }
    },
  }
}

async function readAnswer(libp2p: Libp2p, stream: Stream, signal: AbortSignal): Promise<PeerId[]> {
  const frames = lpStream(stream, { maxDataLength: MAX_RECORD_BYTES })
  const count = readPeerCount((await frames.read({ signal })).subarray())
  const peers: PeerId[] = []
  for (let index = 0; index < count; index++) {
    const peerId = readListedPeer((await frames.read({ signal })).subarray())
    const record = await frames.read({ signal })
    // a connected peer has told its addresses itself
    if (peerId.equals(libp2p.peerId) || libp2p.getConnections(peerId).length > 0) continue
    await libp2p.peerStore.consumePeerRecord(record.subarray(), { expectedPeer: peerId })
    peers.push(peerId)
  }
  return peers
}
