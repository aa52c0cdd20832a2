import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { peerIdFromPublicKey, type Signer, type Verifier } from '@neurovoyance/protocol'
import { createVirtualClock } from '@neurovoyance/testing/network'
import { expect, it } from 'vitest'
import { createMarket, sealOffer } from '../src/index.js'
import { MODEL, offerOf } from './fixtures.js'

const ENVELOPES = 2_000
const OFFERED = 1_000_000
const PLACES = 100
/** What an Ed25519 public key has before its 32 bytes in DER. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Node's own Ed25519: keys by the thousand. */
function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  return {
    publicKey: raw,
    peerId: peerIdFromPublicKey(raw),
    sign: message => new Uint8Array(sign(null, message, privateKey)),
  }
}

function countingVerifier(): Verifier & { count: number } {
  return {
    count: 0,
    verify(publicKey, message, signature) {
      this.count++
      const key = createPublicKey({
        key: Buffer.concat([SPKI_PREFIX, publicKey]),
        format: 'der',
        type: 'spki',
      })
      return verify(null, message, key, signature)
    },
  }
}

it('a neighbour that passes a flood on is still heard when it speaks of itself, a few times a second', async () => {
  const clock = createVirtualClock()
  const market = createMarket({ clock, intakeLimits: { burst: 100 } })
  const neighbour = newSigner()
  for (let n = 0; n < 150; n++) {
    const ghost = newSigner()
    await market.acceptOffer(await sealOffer(offerOf(ghost.peerId), ghost), neighbour.peerId)
  }
  const own = async (sequence: number) =>
    market.acceptOffer(await sealOffer(offerOf(neighbour.peerId, { sequence }), neighbour), neighbour.peerId)
  for (let sequence = 1; sequence <= 8; sequence++) expect((await own(sequence)).verdict).toBe('accept')
  expect((await own(9)).refusal).toBe('flood')
  clock.advance(1_000)
  expect((await own(10)).verdict).toBe('accept')

  const [first] = market.sealedOffers({ limit: 1 })
  expect(first).not.toEqual(await sealOffer(offerOf(neighbour.peerId, { sequence: 10 }), neighbour))
  market.peerSeen(neighbour.peerId)
  const [nearest] = market.sealedOffers({ limit: 1 })
  expect(nearest).toEqual(await sealOffer(offerOf(neighbour.peerId, { sequence: 10 }), neighbour))
})

it('a million sealed offers from one neighbour: few are verified, fewer are kept, and friends stay', async () => {
  const clock = createVirtualClock()
  const verifier = countingVerifier()
  const burst = 500
  const market = createMarket({
    clock,
    verifier,
    tableLimits: { maxOffers: PLACES },
    intakeLimits: { burst },
  })
  const friend = newSigner()
  market.peerSeen(friend.peerId)
  await market.acceptOffer(await sealOffer(offerOf(friend.peerId), friend), friend.peerId)

  const sealed = await Promise.all(
    Array.from({ length: ENVELOPES }, () => {
      const signer = newSigner()
      return sealOffer(offerOf(signer.peerId), signer)
    }),
  )
  const refusals = new Map<string, number>()
  for (let n = 0; n < OFFERED; n++) {
    const { refusal = 'accepted' } = await market.acceptOffer(sealed[n % ENVELOPES]!, 'attacker')
    refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
  }

  expect(refusals.get('flood')).toBe(OFFERED - burst)
  expect(verifier.count).toBeLessThanOrEqual(burst + 1)
  expect(market.size).toBeLessThanOrEqual(PLACES)
  expect(market.offersFor(MODEL).map(({ peerId }) => peerId)).toContain(friend.peerId)
})
