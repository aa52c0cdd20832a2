import {
  type Codec,
  Demand as DemandCodec,
  DOMAINS,
  LIMITS,
  Offer as OfferCodec,
  openEnvelope,
  peerIdFromPublicKey,
  readEnvelope,
  type Signer,
  sealEnvelope,
  type Verifier,
} from '@neurovoyance/protocol'
import type { Refusal } from '../core/offer/check-offer.js'
import type { Demand, Offer } from '../core/offer/offer.js'

/** A message whose signature was checked, or why it is not taken. */
export type Opened<T> =
  | { message: T; signer: string; sealed: Uint8Array }
  | { refusal: Refusal | 'malformed' }

/** Says why a message is not wanted, before its signature costs us anything. */
export type Check<T> = (message: T, signer: string) => Refusal | undefined

/** Opens a sealed offer. */
export const openOffer = (
  bytes: Uint8Array,
  verifier: Verifier | undefined,
  check: Check<Offer>,
): Promise<Opened<Offer>> => open(bytes, DOMAINS.offer, OfferCodec, verifier, check)

/** Opens a sealed demand. */
export const openDemand = (
  bytes: Uint8Array,
  verifier: Verifier | undefined,
  check: Check<Demand>,
): Promise<Opened<Demand>> => open(bytes, DOMAINS.demand, DemandCodec, verifier, check)

/** Seals an offer; `offer.peerId` has to be the signer's. */
export const sealOffer = (offer: Offer, signer: Signer): Promise<Uint8Array> =>
  sealEnvelope({ domain: DOMAINS.offer, payload: OfferCodec.encode(offer), signer })

/** Seals a demand. */
export const sealDemand = (demand: Demand, signer: Signer): Promise<Uint8Array> =>
  sealEnvelope({ domain: DOMAINS.demand, payload: DemandCodec.encode(demand), signer })

/** Reads, checks what is cheap to check, and verifies the signature last: most of a flood is stale or silly. */
async function open<T>(
  bytes: Uint8Array,
  domain: string,
  codec: Codec<T>,
  verifier: Verifier | undefined,
  check: Check<T>,
): Promise<Opened<T>> {
  try {
    const parts = readEnvelope(bytes, LIMITS.offerEnvelopeBytes)
    if (parts.domain !== domain) return { refusal: 'malformed' }
    const message = codec.decode(parts.payload)
    const refusal = check(message, peerIdFromPublicKey(parts.publicKey))
    if (refusal !== undefined) return { refusal }
    const opened = await openEnvelope(bytes, { domain, maxBytes: LIMITS.offerEnvelopeBytes, verifier })
    return { message, signer: opened.peerId, sealed: bytes.slice() }
  } catch {
    return { refusal: 'malformed' }
  }
}
