// Generated from proto/neurovoyance/market/v1/market.proto by `pnpm generate`: edit that file, not this one.
import { checkCid, checkLength, checkPeerId } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** Asks for offers. */
export interface ListOffersRequest {
  /** Only offers that host this model (a CID). */
  readonly model?: string | undefined
  /** The most offers to give; 0 means as many as fit. */
  readonly limit: number
}

export function readListOffersRequest(reader: WireReader): ListOffersRequest {
  let model: string | undefined
  let limit: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        model = reader.string('ListOffersRequest.model', LIMITS.idBytes)
        break
      case 16:
        limit = reader.uint32('ListOffersRequest.limit')
        break
      default:
        reader.skip(tag)
    }
  }
  if (model !== undefined) checkCid(model, 'ListOffersRequest.model')
  return { model, limit }
}

export function writeListOffersRequest(writer: WireWriter, value: ListOffersRequest): void {
  if (value.model !== undefined) checkCid(value.model, 'ListOffersRequest.model')
  if (value.model !== undefined) writer.string(10, value.model, 'ListOffersRequest.model', LIMITS.idBytes)
  if (value.limit !== 0) writer.uint(16, value.limit, 'ListOffersRequest.limit', 0xffff_ffff)
}

/** Codec of {@link ListOffersRequest}, at most `LIMITS.smallMessageBytes`. */
export const ListOffersRequest: Codec<ListOffersRequest> = /* @__PURE__ */ messageCodec('ListOffersRequest', LIMITS.smallMessageBytes, readListOffersRequest, writeListOffersRequest)

/** Offers, each as it was signed. */
export interface ListOffersResponse {
  /** Envelopes of domain neurovoyance/offer/1. */
  readonly offers: readonly Uint8Array[]
}

export function readListOffersResponse(reader: WireReader): ListOffersResponse {
  const offers: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ListOffersResponse.offers', offers.length, LIMITS.offers)
        offers.push(reader.copy('ListOffersResponse.offers', LIMITS.offerEnvelopeBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  return { offers }
}

export function writeListOffersResponse(writer: WireWriter, value: ListOffersResponse): void {
  writer.items('ListOffersResponse.offers', value.offers.length, LIMITS.offers)
  for (const item of value.offers) writer.copy(10, item, 'ListOffersResponse.offers', LIMITS.offerEnvelopeBytes)
}

/** Codec of {@link ListOffersResponse}, at most `LIMITS.offerListBytes`. */
export const ListOffersResponse: Codec<ListOffersResponse> = /* @__PURE__ */ messageCodec('ListOffersResponse', LIMITS.offerListBytes, readListOffersResponse, writeListOffersResponse)

/** Asks a node to host a model. */
export interface RequestHostingRequest {
  /** The model's CID. */
  readonly model: string
  /** The name people know the model by. */
  readonly name: string
  /** Size of the model's files, as far as the asker knows. */
  readonly bytes: number
}

export function readRequestHostingRequest(reader: WireReader): RequestHostingRequest {
  let model: string = ''
  let name: string = ''
  let bytes: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        model = reader.string('RequestHostingRequest.model', LIMITS.idBytes)
        break
      case 18:
        name = reader.string('RequestHostingRequest.name', LIMITS.nameBytes)
        break
      case 24:
        bytes = reader.varint('RequestHostingRequest.bytes')
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(model, 'RequestHostingRequest.model')
  return { model, name, bytes }
}

export function writeRequestHostingRequest(writer: WireWriter, value: RequestHostingRequest): void {
  checkCid(value.model, 'RequestHostingRequest.model')
  if (value.model !== '') writer.string(10, value.model, 'RequestHostingRequest.model', LIMITS.idBytes)
  if (value.name !== '') writer.string(18, value.name, 'RequestHostingRequest.name', LIMITS.nameBytes)
  if (value.bytes !== 0) writer.uint(24, value.bytes, 'RequestHostingRequest.bytes', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link RequestHostingRequest}, at most `LIMITS.smallMessageBytes`. */
export const RequestHostingRequest: Codec<RequestHostingRequest> = /* @__PURE__ */ messageCodec('RequestHostingRequest', LIMITS.smallMessageBytes, readRequestHostingRequest, writeRequestHostingRequest)

/** Whether the node will host it. */
export interface RequestHostingResponse {
  /** Whether it will. */
  readonly accepted: boolean
  /** Why not, for a person to read. */
  readonly reason: string
}

export function readRequestHostingResponse(reader: WireReader): RequestHostingResponse {
  let accepted: boolean = false
  let reason: string = ''
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        accepted = reader.bool('RequestHostingResponse.accepted')
        break
      case 18:
        reason = reader.string('RequestHostingResponse.reason', LIMITS.textBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  return { accepted, reason }
}

export function writeRequestHostingResponse(writer: WireWriter, value: RequestHostingResponse): void {
  if (value.accepted) writer.uint(8, value.accepted ? 1 : 0, 'RequestHostingResponse.accepted', 1)
  if (value.reason !== '') writer.string(18, value.reason, 'RequestHostingResponse.reason', LIMITS.textBytes)
}

/** Codec of {@link RequestHostingResponse}, at most `LIMITS.smallMessageBytes`. */
export const RequestHostingResponse: Codec<RequestHostingResponse> = /* @__PURE__ */ messageCodec('RequestHostingResponse', LIMITS.smallMessageBytes, readRequestHostingResponse, writeRequestHostingResponse)

/** What a node offers; travels in an envelope of domain neurovoyance/offer/1. */
export interface Offer {
  /** The node; has to be the envelope's signer. */
  readonly peerId: string
  /** Grows with every offer of this node; an offer replaces those with a smaller one. */
  readonly sequence: number
  /** Milliseconds since the Unix epoch, by the node's clock. */
  readonly issuedAtMs: number
  /** After this the offer is dead. */
  readonly expiresAtMs: number
  /** A hint of where the node is: "eu-west". */
  readonly region: string
  /** Runs waiting now. */
  readonly queueDepth: number
  /** Runs the node makes at the same time. */
  readonly slots: number
  /** What the machine can do; absent until it has measured itself. */
  readonly capability?: Capability | undefined
  /** What the node asks; absent means free. */
  readonly price?: Price | undefined
  /** What the node can run. */
  readonly models: readonly HostedModel[]
}

export function readOffer(reader: WireReader): Offer {
  let peerId: string = ''
  let sequence: number = 0
  let issuedAtMs: number = 0
  let expiresAtMs: number = 0
  let region: string = ''
  let queueDepth: number = 0
  let slots: number = 0
  let capability: Capability | undefined
  let price: Price | undefined
  const models: HostedModel[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        peerId = reader.string('Offer.peerId', LIMITS.idBytes)
        break
      case 16:
        sequence = reader.varint('Offer.sequence')
        break
      case 24:
        issuedAtMs = reader.varint('Offer.issuedAtMs')
        break
      case 32:
        expiresAtMs = reader.varint('Offer.expiresAtMs')
        break
      case 42:
        region = reader.string('Offer.region', LIMITS.nameBytes)
        break
      case 48:
        queueDepth = reader.uint32('Offer.queueDepth')
        break
      case 56:
        slots = reader.uint32('Offer.slots')
        break
      case 66:
        capability = reader.nested('Offer.capability', readCapability)
        break
      case 74:
        price = reader.nested('Offer.price', readPrice)
        break
      case 82:
        reader.room('Offer.models', models.length, LIMITS.hostedModels)
        models.push(reader.nested('Offer.models', readHostedModel))
        break
      default:
        reader.skip(tag)
    }
  }
  checkPeerId(peerId, 'Offer.peerId')
  return { peerId, sequence, issuedAtMs, expiresAtMs, region, queueDepth, slots, capability, price, models }
}

export function writeOffer(writer: WireWriter, value: Offer): void {
  checkPeerId(value.peerId, 'Offer.peerId')
  if (value.peerId !== '') writer.string(10, value.peerId, 'Offer.peerId', LIMITS.idBytes)
  if (value.sequence !== 0) writer.uint(16, value.sequence, 'Offer.sequence', Number.MAX_SAFE_INTEGER)
  if (value.issuedAtMs !== 0) writer.uint(24, value.issuedAtMs, 'Offer.issuedAtMs', Number.MAX_SAFE_INTEGER)
  if (value.expiresAtMs !== 0) writer.uint(32, value.expiresAtMs, 'Offer.expiresAtMs', Number.MAX_SAFE_INTEGER)
  if (value.region !== '') writer.string(42, value.region, 'Offer.region', LIMITS.nameBytes)
  if (value.queueDepth !== 0) writer.uint(48, value.queueDepth, 'Offer.queueDepth', 0xffff_ffff)
  if (value.slots !== 0) writer.uint(56, value.slots, 'Offer.slots', 0xffff_ffff)
  if (value.capability !== undefined) writer.nested(66, value.capability, writeCapability)
  if (value.price !== undefined) writer.nested(74, value.price, writePrice)
  writer.items('Offer.models', value.models.length, LIMITS.hostedModels)
  for (const item of value.models) writer.nested(82, item, writeHostedModel)
}

/** Codec of {@link Offer}, at most `LIMITS.offerBytes`. */
export const Offer: Codec<Offer> = /* @__PURE__ */ messageCodec('Offer', LIMITS.offerBytes, readOffer, writeOffer)

/** What a machine can do, measured by it. */
export interface Capability {
  /** Billions of floating-point operations per second. */
  readonly gflops: number
  /** Megabytes moved per second. */
  readonly memoryBandwidthMbps: number
  /** What runs the models: "cpu", "cuda", "webgpu". */
  readonly backend: string
  /** Memory that models may use. */
  readonly memoryBytes: number
}

export function readCapability(reader: WireReader): Capability {
  let gflops: number = 0
  let memoryBandwidthMbps: number = 0
  let backend: string = ''
  let memoryBytes: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 9:
        gflops = reader.double('Capability.gflops')
        break
      case 17:
        memoryBandwidthMbps = reader.double('Capability.memoryBandwidthMbps')
        break
      case 26:
        backend = reader.string('Capability.backend', LIMITS.nameBytes)
        break
      case 32:
        memoryBytes = reader.varint('Capability.memoryBytes')
        break
      default:
        reader.skip(tag)
    }
  }
  return { gflops, memoryBandwidthMbps, backend, memoryBytes }
}

export function writeCapability(writer: WireWriter, value: Capability): void {
  if (value.gflops !== 0) writer.double(9, value.gflops, 'Capability.gflops')
  if (value.memoryBandwidthMbps !== 0) writer.double(17, value.memoryBandwidthMbps, 'Capability.memoryBandwidthMbps')
  if (value.backend !== '') writer.string(26, value.backend, 'Capability.backend', LIMITS.nameBytes)
  if (value.memoryBytes !== 0) writer.uint(32, value.memoryBytes, 'Capability.memoryBytes', Number.MAX_SAFE_INTEGER)
}

/** What a node asks for its work. */
export interface Price {
  /**
   * How the node is paid: "free", or "nvy" by the channels of a ledger. A client passes over offers whose scheme it
   * does not know.
   */
  readonly scheme: string
  /** The terms of the scheme "nvy". */
  readonly nvy?: NvyPrice | undefined
}

export function readPrice(reader: WireReader): Price {
  let scheme: string = ''
  let nvy: NvyPrice | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        scheme = reader.string('Price.scheme', LIMITS.nameBytes)
        break
      case 130:
        nvy = reader.nested('Price.nvy', readNvyPrice)
        break
      default:
        reader.skip(tag)
    }
  }
  return { scheme, nvy }
}

export function writePrice(writer: WireWriter, value: Price): void {
  if (value.scheme !== '') writer.string(10, value.scheme, 'Price.scheme', LIMITS.nameBytes)
  if (value.nvy !== undefined) writer.nested(130, value.nvy, writeNvyPrice)
}

/** Work for coins of a ledger: `max(minimum, per_billion * units / 10^9)`, rounded up. */
export interface NvyPrice {
  /** Base units for a billion work units. */
  readonly perBillion: bigint
  /** The least that a request costs, in base units. */
  readonly minimum: bigint
  /** The ledger that channels are on. */
  readonly chainId: string
  /** The account that channels have to pay. */
  readonly payee: Uint8Array
  /** SHA-256 of the ledger's genesis: two ledgers may have one name. Empty where the node does not say. */
  readonly genesis: Uint8Array
}

export function readNvyPrice(reader: WireReader): NvyPrice {
  let perBillion: bigint = 0n
  let minimum: bigint = 0n
  let chainId: string = ''
  let payee: Uint8Array = new Uint8Array(0)
  let genesis: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        perBillion = reader.amount('NvyPrice.perBillion')
        break
      case 16:
        minimum = reader.amount('NvyPrice.minimum')
        break
      case 26:
        chainId = reader.string('NvyPrice.chainId', LIMITS.chainIdBytes)
        break
      case 34:
        payee = reader.copy('NvyPrice.payee', LIMITS.hashBytes)
        break
      case 42:
        genesis = reader.copy('NvyPrice.genesis', LIMITS.hashBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(payee, 'NvyPrice.payee', LIMITS.hashBytes)
  return { perBillion, minimum, chainId, payee, genesis }
}

export function writeNvyPrice(writer: WireWriter, value: NvyPrice): void {
  if (value.perBillion !== 0n) writer.amount(8, value.perBillion, 'NvyPrice.perBillion')
  if (value.minimum !== 0n) writer.amount(16, value.minimum, 'NvyPrice.minimum')
  if (value.chainId !== '') writer.string(26, value.chainId, 'NvyPrice.chainId', LIMITS.chainIdBytes)
  checkLength(value.payee, 'NvyPrice.payee', LIMITS.hashBytes)
  if (value.payee.length > 0) writer.copy(34, value.payee, 'NvyPrice.payee', LIMITS.hashBytes)
  if (value.genesis.length > 0) writer.copy(42, value.genesis, 'NvyPrice.genesis', LIMITS.hashBytes)
}

/** A model that a node can run. */
export interface HostedModel {
  /** The model's CID. */
  readonly model: string
  /** The name people know the model by. */
  readonly name: string
  /** Whether a session holds it in memory now. */
  readonly loaded: boolean
  /** Median time of a run as measured here; absent before the first run. */
  readonly p50Us?: number | undefined
  /** Size of the model's files. */
  readonly bytes: number
  /** Runs of this model waiting or running. */
  readonly inFlight: number
}

export function readHostedModel(reader: WireReader): HostedModel {
  let model: string = ''
  let name: string = ''
  let loaded: boolean = false
  let p50Us: number | undefined
  let bytes: number = 0
  let inFlight: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        model = reader.string('HostedModel.model', LIMITS.idBytes)
        break
      case 18:
        name = reader.string('HostedModel.name', LIMITS.nameBytes)
        break
      case 24:
        loaded = reader.bool('HostedModel.loaded')
        break
      case 32:
        p50Us = reader.varint('HostedModel.p50Us')
        break
      case 40:
        bytes = reader.varint('HostedModel.bytes')
        break
      case 48:
        inFlight = reader.uint32('HostedModel.inFlight')
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(model, 'HostedModel.model')
  return { model, name, loaded, p50Us, bytes, inFlight }
}

export function writeHostedModel(writer: WireWriter, value: HostedModel): void {
  checkCid(value.model, 'HostedModel.model')
  if (value.model !== '') writer.string(10, value.model, 'HostedModel.model', LIMITS.idBytes)
  if (value.name !== '') writer.string(18, value.name, 'HostedModel.name', LIMITS.nameBytes)
  if (value.loaded) writer.uint(24, value.loaded ? 1 : 0, 'HostedModel.loaded', 1)
  if (value.p50Us !== undefined) writer.uint(32, value.p50Us, 'HostedModel.p50Us', Number.MAX_SAFE_INTEGER)
  if (value.bytes !== 0) writer.uint(40, value.bytes, 'HostedModel.bytes', Number.MAX_SAFE_INTEGER)
  if (value.inFlight !== 0) writer.uint(48, value.inFlight, 'HostedModel.inFlight', 0xffff_ffff)
}

/** Requests for a model that nobody served; travels in an envelope of domain neurovoyance/demand/1. */
export interface Demand {
  /** The model's CID. */
  readonly model: string
  /** The name people know the model by. */
  readonly name: string
  /** Size of the model's files, as far as the asker knows. */
  readonly bytes: number
  /** Requests unmet since the last demand. */
  readonly requests: number
  /** Milliseconds since the Unix epoch, by the signer's clock. */
  readonly issuedAtMs: number
  /** After this the demand is dead. */
  readonly expiresAtMs: number
}

export function readDemand(reader: WireReader): Demand {
  let model: string = ''
  let name: string = ''
  let bytes: number = 0
  let requests: number = 0
  let issuedAtMs: number = 0
  let expiresAtMs: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        model = reader.string('Demand.model', LIMITS.idBytes)
        break
      case 18:
        name = reader.string('Demand.name', LIMITS.nameBytes)
        break
      case 24:
        bytes = reader.varint('Demand.bytes')
        break
      case 32:
        requests = reader.uint32('Demand.requests')
        break
      case 40:
        issuedAtMs = reader.varint('Demand.issuedAtMs')
        break
      case 48:
        expiresAtMs = reader.varint('Demand.expiresAtMs')
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(model, 'Demand.model')
  return { model, name, bytes, requests, issuedAtMs, expiresAtMs }
}

export function writeDemand(writer: WireWriter, value: Demand): void {
  checkCid(value.model, 'Demand.model')
  if (value.model !== '') writer.string(10, value.model, 'Demand.model', LIMITS.idBytes)
  if (value.name !== '') writer.string(18, value.name, 'Demand.name', LIMITS.nameBytes)
  if (value.bytes !== 0) writer.uint(24, value.bytes, 'Demand.bytes', Number.MAX_SAFE_INTEGER)
  if (value.requests !== 0) writer.uint(32, value.requests, 'Demand.requests', 0xffff_ffff)
  if (value.issuedAtMs !== 0) writer.uint(40, value.issuedAtMs, 'Demand.issuedAtMs', Number.MAX_SAFE_INTEGER)
  if (value.expiresAtMs !== 0) writer.uint(48, value.expiresAtMs, 'Demand.expiresAtMs', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link Demand}, at most `LIMITS.smallMessageBytes`. */
export const Demand: Codec<Demand> = /* @__PURE__ */ messageCodec('Demand', LIMITS.smallMessageBytes, readDemand, writeDemand)

/** Serves a node's view of the market and takes wishes for models. */
export const MarketService = {
  name: 'market',
  version: '1.0.0',
  methods: {
    /** Gives the live offers that this node knows. */
    ListOffers: {
      name: 'ListOffers',
      kind: 'unary',
      request: ListOffersRequest,
      response: ListOffersResponse,
      maxAttachmentBytes: 0,
    },
    /** Asks the node to host a model. */
    RequestHosting: {
      name: 'RequestHosting',
      kind: 'unary',
      request: RequestHostingRequest,
      response: RequestHostingResponse,
      maxAttachmentBytes: 0,
    },
  },
} as const satisfies ServiceDefinition
