import { base32 } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { ProtocolError } from '../errors.js'

const SHA_256 = 0x12
const CODECS = { raw: 0x55, 'dag-pb': 0x70 } as const

/**
 * The one form in which a CID travels: CIDv1, base32 in lower case, codec `raw` or `dag-pb`, SHA-256.
 *
 * The first four bytes (1, codec, 0x12, 0x20) fix six letters and the two high bits of the next one; the last
 * letter ends in two zero bits, because 36 bytes fill 57.6 letters.
 */
const CANONICAL = /^baf(?:ybei|krei)[a-h][a-z2-7]{50}[aeimquy4]$/

/** What a CID's block holds: bytes as they are, or a UnixFS node. */
export type CidCodec = keyof typeof CODECS

/** Whether `value` is a CID in canonical form. */
export function isCid(value: string): boolean {
  return CANONICAL.test(value)
}

/**
 * Refuses what is not a CID in canonical form; use {@link canonicalCid} for text that a person typed.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID`
 */
export function assertCid(value: string): void {
  if (!isCid(value))
    throw badCid(value, 'expected a CIDv1 in base32 with SHA-256, such as bafkrei… or bafybei…')
}

/**
 * The canonical form of a CID of either version, in base32, base36 or base58 (`Qm…`, `zdj7…`).
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID` for other text, hashes and codecs
 */
export function canonicalCid(text: string): string {
  if (isCid(text)) return text
  if (text.length > 256) throw badCid(`${text.slice(0, 32)}…`, 'it is too long')
  let cid: CID
  try {
    cid = CID.parse(text)
  } catch (cause) {
    throw badCid(text, 'it does not parse', cause)
  }
  // Made anew: a parsed CID gives back the text it was parsed from.
  const canonical = CID.createV1(cid.code, cid.multihash).toString()
  if (!isCid(canonical)) throw badCid(text, 'its hash has to be SHA-256 and its codec raw or dag-pb')
  return canonical
}

/**
 * The CID of a block, from its SHA-256 digest of 32 bytes.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID` for another length
 */
export function cidFromSha256(codec: CidCodec, digest: Uint8Array): string {
  if (digest.length !== 32) throw badCid(`a digest of ${digest.length} bytes`, 'SHA-256 has 32')
  return CID.createV1(CODECS[codec], Digest.create(SHA_256, digest)).toString()
}

/**
 * The codec and SHA-256 digest of a canonical CID.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID`
 */
export function cidParts(cid: string): { codec: CidCodec; digest: Uint8Array } {
  assertCid(cid)
  const bytes = base32.decode(cid)
  return { codec: bytes[1] === CODECS.raw ? 'raw' : 'dag-pb', digest: bytes.subarray(4) }
}

function badCid(value: string, problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError('PROTOCOL_BAD_ID', `${JSON.stringify(value)} is not a CID we use: ${problem}`, {
    details: { value },
    cause,
  })
}
