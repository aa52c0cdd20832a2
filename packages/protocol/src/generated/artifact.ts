// Generated from proto/neurovoyance/artifact/v1/artifact.proto by `pnpm generate`: edit that file, not this one.
import { checkCid } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

export const ARTIFACT_KINDS = ['unspecified', 'raw', 'file', 'directory'] as const
/**
 * What a CID stands for.
 *
 * - `unspecified`: not told, or told by a newer version
 * - `raw`: A leaf: bytes without structure.
 * - `file`: A file of many blocks.
 * - `directory`: A folder.
 */

export type ArtifactKind = (typeof ARTIFACT_KINDS)[number]

/** Asks what a CID is. */
export interface StatRequest {
  readonly cid: string
}

export function readStatRequest(reader: WireReader): StatRequest {
  let cid: string = ''
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        cid = reader.string('StatRequest.cid', LIMITS.idBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(cid, 'StatRequest.cid')
  return { cid }
}

export function writeStatRequest(writer: WireWriter, value: StatRequest): void {
  checkCid(value.cid, 'StatRequest.cid')
  if (value.cid !== '') writer.string(10, value.cid, 'StatRequest.cid', LIMITS.idBytes)
}

/** Codec of {@link StatRequest}, at most `LIMITS.smallMessageBytes`. */
export const StatRequest: Codec<StatRequest> = /* @__PURE__ */ messageCodec('StatRequest', LIMITS.smallMessageBytes, readStatRequest, writeStatRequest)

/** What a CID is. */
export interface StatResponse {
  readonly kind: ArtifactKind
  /** Size of the content below the CID. */
  readonly bytes: number
  /** What a folder holds, or the blocks a file is made of. */
  readonly links: readonly ArtifactLink[]
}

export function readStatResponse(reader: WireReader): StatResponse {
  let kind: ArtifactKind = 'unspecified'
  let bytes: number = 0
  const links: ArtifactLink[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        kind = ARTIFACT_KINDS[reader.varint('StatResponse.kind')] ?? 'unspecified'
        break
      case 16:
        bytes = reader.varint('StatResponse.bytes')
        break
      case 26:
        reader.room('StatResponse.links', links.length, LIMITS.links)
        links.push(reader.nested('StatResponse.links', readArtifactLink))
        break
      default:
        reader.skip(tag)
    }
  }
  return { kind, bytes, links }
}

export function writeStatResponse(writer: WireWriter, value: StatResponse): void {
  if (value.kind !== 'unspecified') writer.uint(8, ARTIFACT_KINDS.indexOf(value.kind), 'StatResponse.kind', ARTIFACT_KINDS.length)
  if (value.bytes !== 0) writer.uint(16, value.bytes, 'StatResponse.bytes', Number.MAX_SAFE_INTEGER)
  writer.items('StatResponse.links', value.links.length, LIMITS.links)
  for (const item of value.links) writer.nested(26, item, writeArtifactLink)
}

/** Codec of {@link StatResponse}, at most `LIMITS.linkListBytes`. */
export const StatResponse: Codec<StatResponse> = /* @__PURE__ */ messageCodec('StatResponse', LIMITS.linkListBytes, readStatResponse, writeStatResponse)

/** A child of a folder or file. */
export interface ArtifactLink {
  /** Name in its folder; empty for the blocks of a file. */
  readonly name: string
  readonly cid: string
  readonly bytes: number
}

export function readArtifactLink(reader: WireReader): ArtifactLink {
  let name: string = ''
  let cid: string = ''
  let bytes: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        name = reader.string('ArtifactLink.name', LIMITS.fileNameBytes)
        break
      case 18:
        cid = reader.string('ArtifactLink.cid', LIMITS.idBytes)
        break
      case 24:
        bytes = reader.varint('ArtifactLink.bytes')
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(cid, 'ArtifactLink.cid')
  return { name, cid, bytes }
}

export function writeArtifactLink(writer: WireWriter, value: ArtifactLink): void {
  if (value.name !== '') writer.string(10, value.name, 'ArtifactLink.name', LIMITS.fileNameBytes)
  checkCid(value.cid, 'ArtifactLink.cid')
  if (value.cid !== '') writer.string(18, value.cid, 'ArtifactLink.cid', LIMITS.idBytes)
  if (value.bytes !== 0) writer.uint(24, value.bytes, 'ArtifactLink.bytes', Number.MAX_SAFE_INTEGER)
}

/** Asks for a range of a file's content. */
export interface ReadRequest {
  readonly cid: string
  /** First byte wanted. */
  readonly offset: number
  /** Bytes wanted. */
  readonly length: number
}

export function readReadRequest(reader: WireReader): ReadRequest {
  let cid: string = ''
  let offset: number = 0
  let length: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        cid = reader.string('ReadRequest.cid', LIMITS.idBytes)
        break
      case 16:
        offset = reader.varint('ReadRequest.offset')
        break
      case 24:
        length = reader.varint('ReadRequest.length')
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(cid, 'ReadRequest.cid')
  return { cid, offset, length }
}

export function writeReadRequest(writer: WireWriter, value: ReadRequest): void {
  checkCid(value.cid, 'ReadRequest.cid')
  if (value.cid !== '') writer.string(10, value.cid, 'ReadRequest.cid', LIMITS.idBytes)
  if (value.offset !== 0) writer.uint(16, value.offset, 'ReadRequest.offset', Number.MAX_SAFE_INTEGER)
  if (value.length !== 0) writer.uint(24, value.length, 'ReadRequest.length', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link ReadRequest}, at most `LIMITS.smallMessageBytes`. */
export const ReadRequest: Codec<ReadRequest> = /* @__PURE__ */ messageCodec('ReadRequest', LIMITS.smallMessageBytes, readReadRequest, writeReadRequest)

/** Blocks of the range: attachment i is the block cids[i]. */
export interface ReadResponse {
  readonly cids: readonly string[]
}

export function readReadResponse(reader: WireReader): ReadResponse {
  const cids: string[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ReadResponse.cids', cids.length, LIMITS.links)
        cids.push(reader.string('ReadResponse.cids', LIMITS.idBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  for (const item of cids) checkCid(item, 'ReadResponse.cids')
  return { cids }
}

export function writeReadResponse(writer: WireWriter, value: ReadResponse): void {
  for (const item of value.cids) checkCid(item, 'ReadResponse.cids')
  writer.items('ReadResponse.cids', value.cids.length, LIMITS.links)
  for (const item of value.cids) writer.string(10, item, 'ReadResponse.cids', LIMITS.idBytes)
}

/** Codec of {@link ReadResponse}, at most `LIMITS.linkListBytes`. */
export const ReadResponse: Codec<ReadResponse> = /* @__PURE__ */ messageCodec('ReadResponse', LIMITS.linkListBytes, readReadResponse, writeReadResponse)

/** Serves the artifacts that a node holds. */
export const ArtifactService = {
  name: 'artifact',
  version: '1.0.0',
  methods: {
    /** Tells what a CID is and, for folders, what it links to. */
    Stat: {
      name: 'Stat',
      kind: 'unary',
      request: StatRequest,
      response: StatResponse,
      maxAttachmentBytes: 0,
    },
    /** Reads ranges of a file: for each request one response, in order; many may be in flight. */
    Read: {
      name: 'Read',
      kind: 'duplex',
      request: ReadRequest,
      response: ReadResponse,
      maxAttachmentBytes: LIMITS.artifactAttachmentBytes,
    },
  },
} as const satisfies ServiceDefinition
