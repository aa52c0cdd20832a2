// Generated from proto/neurovoyance/artifact/v1/artifact.proto by `pnpm generate`: edit that file, not this one.
import { checkCid } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** Asks for inner nodes. */
export interface NodesRequest {
  /** The nodes wanted. */
  readonly cids: readonly string[]
}

export function readNodesRequest(reader: WireReader): NodesRequest {
  const cids: string[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('NodesRequest.cids', cids.length, LIMITS.artifactNodes)
        cids.push(reader.string('NodesRequest.cids', LIMITS.idBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  for (const item of cids) checkCid(item, 'NodesRequest.cids')
  return { cids }
}

export function writeNodesRequest(writer: WireWriter, value: NodesRequest): void {
  for (const item of value.cids) checkCid(item, 'NodesRequest.cids')
  writer.items('NodesRequest.cids', value.cids.length, LIMITS.artifactNodes)
  for (const item of value.cids) writer.string(10, item, 'NodesRequest.cids', LIMITS.idBytes)
}

/** Codec of {@link NodesRequest}, at most `LIMITS.smallMessageBytes`. */
export const NodesRequest: Codec<NodesRequest> = /* @__PURE__ */ messageCodec('NodesRequest', LIMITS.smallMessageBytes, readNodesRequest, writeNodesRequest)

/** The inner nodes that the peer has. */
export interface NodesResponse {
  /** The CID of each attachment. */
  readonly cids: readonly string[]
}

export function readNodesResponse(reader: WireReader): NodesResponse {
  const cids: string[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('NodesResponse.cids', cids.length, LIMITS.artifactNodes)
        cids.push(reader.string('NodesResponse.cids', LIMITS.idBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  for (const item of cids) checkCid(item, 'NodesResponse.cids')
  return { cids }
}

export function writeNodesResponse(writer: WireWriter, value: NodesResponse): void {
  for (const item of value.cids) checkCid(item, 'NodesResponse.cids')
  writer.items('NodesResponse.cids', value.cids.length, LIMITS.artifactNodes)
  for (const item of value.cids) writer.string(10, item, 'NodesResponse.cids', LIMITS.idBytes)
}

/** Codec of {@link NodesResponse}, at most `LIMITS.smallMessageBytes`. */
export const NodesResponse: Codec<NodesResponse> = /* @__PURE__ */ messageCodec('NodesResponse', LIMITS.smallMessageBytes, readNodesResponse, writeNodesResponse)

/** Asks for bytes of a file. */
export interface ReadRequest {
  /** The CID of the file, whole. */
  readonly cid: string
  /** First byte wanted. */
  readonly offset: number
  /** Bytes wanted: a block, or less at the end of the file. */
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
        length = reader.atMost('ReadRequest.length', LIMITS.artifactBlockBytes)
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
  if (value.length !== 0) writer.atMost(24, value.length, 'ReadRequest.length', LIMITS.artifactBlockBytes)
}

/** Codec of {@link ReadRequest}, at most `LIMITS.smallMessageBytes`. */
export const ReadRequest: Codec<ReadRequest> = /* @__PURE__ */ messageCodec('ReadRequest', LIMITS.smallMessageBytes, readReadRequest, writeReadRequest)

/** Bytes of a file, as the attachment. */
export interface ReadResponse {
  /** First byte given: as requested. */
  readonly offset: number
}

export function readReadResponse(reader: WireReader): ReadResponse {
  let offset: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        offset = reader.varint('ReadResponse.offset')
        break
      default:
        reader.skip(tag)
    }
  }
  return { offset }
}

export function writeReadResponse(writer: WireWriter, value: ReadResponse): void {
  if (value.offset !== 0) writer.uint(8, value.offset, 'ReadResponse.offset', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link ReadResponse}, at most `LIMITS.smallMessageBytes`. */
export const ReadResponse: Codec<ReadResponse> = /* @__PURE__ */ messageCodec('ReadResponse', LIMITS.smallMessageBytes, readReadResponse, writeReadResponse)

/** Serves the artifacts that a node holds. What it answers is trusted only after it is checked against the CID. */
export const ArtifactService = {
  name: 'artifact',
  version: '1.0.0',
  methods: {
    /**
     * Gives inner nodes of artifacts (dag-pb): folders, and the lists of a file's blocks. Attachment i of the answer
     * is the node of its cids[i]; nodes that the peer lacks are left out.
     */
    Nodes: {
      name: 'Nodes',
      kind: 'unary',
      request: NodesRequest,
      response: NodesResponse,
      maxAttachmentBytes: LIMITS.artifactAttachmentBytes,
    },
    /** Reads blocks of files: for each request one response with one attachment, in order; many may be in flight. */
    Read: {
      name: 'Read',
      kind: 'duplex',
      request: ReadRequest,
      response: ReadResponse,
      maxAttachmentBytes: LIMITS.artifactBlockBytes,
    },
  },
} as const satisfies ServiceDefinition
