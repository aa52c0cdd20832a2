// Generated from proto/neurovoyance/membership/v1/membership.proto by `pnpm generate`: edit that file, not this one.
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** The caller's proof. */
export interface ProveRequest {
  /** 32 random bytes, never used again. */
  readonly nonce: Uint8Array
  /** HMAC-SHA-256 under a key derived from the swarm's. */
  readonly proof: Uint8Array
}

export function readProveRequest(reader: WireReader): ProveRequest {
  let nonce: Uint8Array = new Uint8Array(0)
  let proof: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nonce = reader.copy('ProveRequest.nonce', LIMITS.proofBytes)
        break
      case 18:
        proof = reader.copy('ProveRequest.proof', LIMITS.proofBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  return { nonce, proof }
}

export function writeProveRequest(writer: WireWriter, value: ProveRequest): void {
  if (value.nonce.length > 0) writer.copy(10, value.nonce, 'ProveRequest.nonce', LIMITS.proofBytes)
  if (value.proof.length > 0) writer.copy(18, value.proof, 'ProveRequest.proof', LIMITS.proofBytes)
}

/** Codec of {@link ProveRequest}, at most `LIMITS.smallMessageBytes`. */
export const ProveRequest: Codec<ProveRequest> = /* @__PURE__ */ messageCodec('ProveRequest', LIMITS.smallMessageBytes, readProveRequest, writeProveRequest)

/** The answerer's proof. */
export interface ProveResponse {
  /** 32 random bytes, never used again. */
  readonly nonce: Uint8Array
  /** HMAC-SHA-256 under a key derived from the swarm's. */
  readonly proof: Uint8Array
}

export function readProveResponse(reader: WireReader): ProveResponse {
  let nonce: Uint8Array = new Uint8Array(0)
  let proof: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        nonce = reader.copy('ProveResponse.nonce', LIMITS.proofBytes)
        break
      case 18:
        proof = reader.copy('ProveResponse.proof', LIMITS.proofBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  return { nonce, proof }
}

export function writeProveResponse(writer: WireWriter, value: ProveResponse): void {
  if (value.nonce.length > 0) writer.copy(10, value.nonce, 'ProveResponse.nonce', LIMITS.proofBytes)
  if (value.proof.length > 0) writer.copy(18, value.proof, 'ProveResponse.proof', LIMITS.proofBytes)
}

/** Codec of {@link ProveResponse}, at most `LIMITS.smallMessageBytes`. */
export const ProveResponse: Codec<ProveResponse> = /* @__PURE__ */ messageCodec('ProveResponse', LIMITS.smallMessageBytes, readProveResponse, writeProveResponse)

/** Proves membership of a private swarm, both ways in one exchange. */
export const MembershipService = {
  name: 'membership',
  version: '1.0.0',
  methods: {
    /** The caller proves first: its proof covers both peer ids and its nonce; the answer covers the nonce too. */
    Prove: {
      name: 'Prove',
      kind: 'unary',
      request: ProveRequest,
      response: ProveResponse,
      maxAttachmentBytes: 0,
    },
  },
} as const satisfies ServiceDefinition
