import { malformed, ProtocolError, tooLarge } from '../errors.js'
import { peerIdFromPublicKey } from '../ids/peer-id.js'
import { LIMITS } from '../limits.js'
import { type Signer, strictVerifier, type Verifier } from './ed25519.js'

/*
 * The envelope: bytes signed by a peer for one purpose. Numbers are little-endian.
 *
 *   offset    bytes  what
 *   0         4      magic and version: "NVE1"
 *   4         1      kind of key: 1, Ed25519
 *   5         1      size d of the domain
 *   6         d      domain, ASCII: "neurovoyance/offer/1"
 *   6+d       32     public key
 *   38+d      4      size n of the payload
 *   42+d      n      payload
 *   42+d+n    64     signature of all bytes before it
 *
 * What is signed is what travelled: nothing is encoded again to be verified. The domain is within the signed bytes,
 * so an envelope for one purpose never passes for another; the magic keeps them apart from what libp2p signs with
 * the same key ("noise-libp2p-static-key:…", and envelopes that begin with their domain's size).
 */
const MAGIC = Uint8Array.of(0x4e, 0x56, 0x45, 0x31)
const ED25519 = 1
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const DOMAIN = /^[a-z0-9][a-z0-9._/-]*$/
const ascii = new TextDecoder('ascii')

/** What an envelope adds to its payload, for a domain of `domain.length` letters. */
const overheadBytes = (domainBytes: number) => 6 + domainBytes + KEY_BYTES + 4 + SIGNATURE_BYTES

export interface SealEnvelopeInit {
  /** What the payload means, with a version: `neurovoyance/offer/1`. Lower-case ASCII. */
  domain: string
  payload: Uint8Array
  signer: Signer
}

export interface OpenEnvelopeInit {
  /** The only domain that is accepted. */
  domain: string
  /** Who checks the signature; plain JavaScript when left out. */
  verifier?: Verifier | undefined
  /** The largest envelope; `LIMITS.envelopeBytes` when left out. */
  maxBytes?: number | undefined
}

/** An envelope whose signature was checked. */
export interface OpenedEnvelope {
  /** A view of the envelope's bytes. */
  readonly payload: Uint8Array
  /** The signer. */
  readonly peerId: string
  /** The signer's Ed25519 key. */
  readonly publicKey: Uint8Array
}

/**
 * Signs a payload for one purpose.
 *
 * @throws ProtocolError `PROTOCOL_TOO_LARGE` over `LIMITS.envelopeBytes`, `PROTOCOL_MALFORMED` for a domain that is
 *   not lower-case ASCII
 */
export async function sealEnvelope({ domain, payload, signer }: SealEnvelopeInit): Promise<Uint8Array> {
  assertDomain(domain)
  const sizeBytes = overheadBytes(domain.length) + payload.length
  if (sizeBytes > LIMITS.envelopeBytes) throw tooLarge('an envelope', sizeBytes, LIMITS.envelopeBytes)
  const bytes = new Uint8Array(sizeBytes)
  const payloadStart = sizeBytes - SIGNATURE_BYTES - payload.length
  bytes.set(MAGIC)
  bytes[4] = ED25519
  bytes[5] = domain.length
  for (let index = 0; index < domain.length; index++) bytes[6 + index] = domain.charCodeAt(index)
  bytes.set(signer.publicKey, payloadStart - 4 - KEY_BYTES)
  new DataView(bytes.buffer).setUint32(payloadStart - 4, payload.length, true)
  bytes.set(payload, payloadStart)
  const signature = await signer.sign(bytes.subarray(0, sizeBytes - SIGNATURE_BYTES))
  if (signature.length !== SIGNATURE_BYTES)
    throw malformed(`a signature has ${SIGNATURE_BYTES} bytes, not ${signature.length}`)
  bytes.set(signature, sizeBytes - SIGNATURE_BYTES)
  return bytes
}

/**
 * Checks an envelope: size, form, domain, and only then the signature.
 *
 * @throws ProtocolError `PROTOCOL_TOO_LARGE`, `PROTOCOL_UNSUPPORTED_VERSION`, `PROTOCOL_MALFORMED`,
 *   `PROTOCOL_WRONG_DOMAIN` or `PROTOCOL_BAD_SIGNATURE`
 */
export async function openEnvelope(bytes: Uint8Array, init: OpenEnvelopeInit): Promise<OpenedEnvelope> {
  const { domain, publicKey, payload, signed, signature } = readEnvelope(bytes, init.maxBytes)
  if (domain !== init.domain) {
    const details = { expected: init.domain, found: domain }
    throw new ProtocolError('PROTOCOL_WRONG_DOMAIN', `an envelope is for ${domain}, not ${init.domain}`, {
      details,
    })
  }
  const peerId = peerIdFromPublicKey(publicKey)
  if (!(await (init.verifier ?? strictVerifier).verify(publicKey, signed, signature))) {
    throw new ProtocolError(
      'PROTOCOL_BAD_SIGNATURE',
      `the signature of an envelope of ${peerId} is not valid`,
      { details: { peerId } },
    )
  }
  return { payload, peerId, publicKey }
}

/** The parts of an envelope whose signature nobody has checked yet: views of its bytes. */
export interface EnvelopeParts {
  readonly domain: string
  readonly publicKey: Uint8Array
  readonly payload: Uint8Array
  /** What the signature covers. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/**
 * Takes an envelope apart without checking its signature: to look at it, or to verify many at once.
 *
 * @throws ProtocolError as {@link openEnvelope} does, but for the domain and the signature
 */
export function readEnvelope(bytes: Uint8Array, maxBytes: number = LIMITS.envelopeBytes): EnvelopeParts {
  if (bytes.length > maxBytes) throw tooLarge('an envelope', bytes.length, maxBytes)
  if (bytes.length < overheadBytes(1)) throw malformed('an envelope is cut short', { bytes: bytes.length })
  if (MAGIC.some((byte, index) => bytes[index] !== byte) || bytes[4] !== ED25519) {
    throw new ProtocolError(
      'PROTOCOL_UNSUPPORTED_VERSION',
      'these bytes are not an Ed25519 envelope of version 1',
    )
  }
  const domainBytes = bytes[5]!
  if (bytes.length < overheadBytes(domainBytes))
    throw malformed('an envelope is cut short', { bytes: bytes.length })
  const domain = ascii.decode(bytes.subarray(6, 6 + domainBytes))
  assertDomain(domain)
  const payloadStart = 6 + domainBytes + KEY_BYTES + 4
  const payloadBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(
    payloadStart - 4,
    true,
  )
  const signatureStart = payloadStart + payloadBytes
  if (signatureStart + SIGNATURE_BYTES !== bytes.length) {
    throw malformed('the size of an envelope is not what it announces', { bytes: bytes.length, payloadBytes })
  }
  return {
    domain,
    publicKey: new Uint8Array(bytes.subarray(payloadStart - 4 - KEY_BYTES, payloadStart - 4)),
    payload: bytes.subarray(payloadStart, signatureStart),
    signed: bytes.subarray(0, signatureStart),
    signature: bytes.subarray(signatureStart),
  }
}

function assertDomain(domain: string): void {
  if (domain.length > LIMITS.domainBytes || !DOMAIN.test(domain)) {
    throw malformed(
      `${JSON.stringify(domain.slice(0, 80))} is not a signing domain: lower-case ASCII such as neurovoyance/offer/1`,
    )
  }
}
