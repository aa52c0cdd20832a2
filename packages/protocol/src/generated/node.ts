// Generated from proto/neurovoyance/node/v1/node.proto by `pnpm generate`: edit that file, not this one.
import { checkPeerId } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readCapability, readHostedModel, type Capability, type HostedModel, writeCapability, writeHostedModel } from './market.js'

export const NODE_ROLES = ['unspecified', 'peer', 'bootstrap'] as const
/**
 * What a node does in the network.
 *
 * - `unspecified`: not told, or told by a newer version
 * - `peer`: Runs models and serves artifacts.
 * - `bootstrap`: Introduces peers to each other and relays for them.
 */

export type NodeRole = (typeof NODE_ROLES)[number]

/** Asks how the node is. */

export type StatusRequest = Record<never, never>

export function readStatusRequest(reader: WireReader): StatusRequest {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.skip(tag)
    }
  }
  return {  }
}

export function writeStatusRequest(_writer: WireWriter, _value: StatusRequest): void {

}

/** Codec of {@link StatusRequest}, at most `LIMITS.smallMessageBytes`. */
export const StatusRequest: Codec<StatusRequest> = /* @__PURE__ */ messageCodec('StatusRequest', LIMITS.smallMessageBytes, readStatusRequest, writeStatusRequest)

/** How the node is. */
export interface StatusResponse {
  /** The node. */
  readonly peerId: string
  /** Software and version: "neurovoyance/0.1.0". */
  readonly agent: string
  /** What it does in the network. */
  readonly role: NodeRole
  /** Since the node's start. */
  readonly uptimeMs: number
  /** Peers it is connected to. */
  readonly peers: number
  /** Runs waiting now. */
  readonly queueDepth: number
  /** Runs the node makes at the same time. */
  readonly slots: number
  /** What the machine can do; absent until it has measured itself. */
  readonly capability?: Capability | undefined
  /** What the node can run. */
  readonly models: readonly HostedModel[]
}

export function readStatusResponse(reader: WireReader): StatusResponse {
  let peerId: string = ''
  let agent: string = ''
  let role: NodeRole = 'unspecified'
  let uptimeMs: number = 0
  let peers: number = 0
  let queueDepth: number = 0
  let slots: number = 0
  let capability: Capability | undefined
  const models: HostedModel[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        peerId = reader.string('StatusResponse.peerId', LIMITS.idBytes)
        break
      case 18:
        agent = reader.string('StatusResponse.agent', LIMITS.nameBytes)
        break
      case 24:
        role = NODE_ROLES[reader.varint('StatusResponse.role')] ?? 'unspecified'
        break
      case 32:
        uptimeMs = reader.varint('StatusResponse.uptimeMs')
        break
      case 40:
        peers = reader.uint32('StatusResponse.peers')
        break
      case 48:
        queueDepth = reader.uint32('StatusResponse.queueDepth')
        break
      case 56:
        slots = reader.uint32('StatusResponse.slots')
        break
      case 66:
        capability = reader.nested('StatusResponse.capability', readCapability)
        break
      case 74:
        reader.room('StatusResponse.models', models.length, LIMITS.hostedModels)
        models.push(reader.nested('StatusResponse.models', readHostedModel))
        break
      default:
        reader.skip(tag)
    }
  }
  checkPeerId(peerId, 'StatusResponse.peerId')
  return { peerId, agent, role, uptimeMs, peers, queueDepth, slots, capability, models }
}

export function writeStatusResponse(writer: WireWriter, value: StatusResponse): void {
  checkPeerId(value.peerId, 'StatusResponse.peerId')
  if (value.peerId !== '') writer.string(10, value.peerId, 'StatusResponse.peerId', LIMITS.idBytes)
  if (value.agent !== '') writer.string(18, value.agent, 'StatusResponse.agent', LIMITS.nameBytes)
  if (value.role !== 'unspecified') writer.uint(24, NODE_ROLES.indexOf(value.role), 'StatusResponse.role', NODE_ROLES.length)
  if (value.uptimeMs !== 0) writer.uint(32, value.uptimeMs, 'StatusResponse.uptimeMs', Number.MAX_SAFE_INTEGER)
  if (value.peers !== 0) writer.uint(40, value.peers, 'StatusResponse.peers', 0xffff_ffff)
  if (value.queueDepth !== 0) writer.uint(48, value.queueDepth, 'StatusResponse.queueDepth', 0xffff_ffff)
  if (value.slots !== 0) writer.uint(56, value.slots, 'StatusResponse.slots', 0xffff_ffff)
  if (value.capability !== undefined) writer.nested(66, value.capability, writeCapability)
  writer.items('StatusResponse.models', value.models.length, LIMITS.hostedModels)
  for (const item of value.models) writer.nested(74, item, writeHostedModel)
}

/** Codec of {@link StatusResponse}, at most `LIMITS.offerBytes`. */
export const StatusResponse: Codec<StatusResponse> = /* @__PURE__ */ messageCodec('StatusResponse', LIMITS.offerBytes, readStatusResponse, writeStatusResponse)

/** Tells about the node. */
export const NodeService = {
  name: 'node',
  version: '1.0.0',
  methods: {
    /** Tells how the node is. */
    Status: {
      name: 'Status',
      kind: 'unary',
      request: StatusRequest,
      response: StatusResponse,
      maxAttachmentBytes: 0,
    },
  },
} as const satisfies ServiceDefinition
