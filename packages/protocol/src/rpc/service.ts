/**
 * What a remote procedure is, apart from how it travels: `p2p` carries it, the services here name it.
 */

/** Encodes and decodes one message type. `decode` checks every limit before it allocates. */
export interface Codec<T> {
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

/** One message on the wire: a small protobuf body, and large binary parts beside it that are never copied. */
export interface Message<T> {
  body: T
  /** Each attachment is one run of bytes, given as one chunk or as several that are sent one after the other. */
  attachments?: readonly (Uint8Array | readonly Uint8Array[])[]
}

/** One message as received: each attachment in a buffer of its own that starts at offset 0. */
export interface ReceivedMessage<T> {
  body: T
  attachments: readonly Uint8Array[]
}

/** `unary`: one message each way. `duplex`: any number each way. */
export type MethodKind = 'unary' | 'duplex'

/** One remote procedure. */
export interface MethodDefinition<
  Request = unknown,
  Response = unknown,
  Kind extends MethodKind = MethodKind,
> {
  /** The procedure's name in its service: `Infer`. */
  readonly name: string
  readonly kind: Kind
  readonly request: Codec<Request>
  readonly response: Codec<Response>
  /** Largest sum of attachment bytes in one message of this method, either way. */
  readonly maxAttachmentBytes: number
}

/** A set of procedures under one protocol id. */
export interface ServiceDefinition<
  Methods extends Readonly<Record<string, MethodDefinition>> = Readonly<Record<string, MethodDefinition>>,
> {
  /** Lower case: `inference`. */
  readonly name: string
  /** Semantic version: peers with the same major version speak to each other. */
  readonly version: string
  readonly methods: Methods
}

/** The names of a service's methods. */
export type MethodName<Service extends ServiceDefinition> = keyof Service['methods'] & string

/** The body of a method's request. */
export type RequestOf<
  Service extends ServiceDefinition,
  Name extends MethodName<Service>,
> = Service['methods'][Name] extends { readonly request: Codec<infer Request> } ? Request : never

/** The body of a method's response. */
export type ResponseOf<
  Service extends ServiceDefinition,
  Name extends MethodName<Service>,
> = Service['methods'][Name] extends { readonly response: Codec<infer Response> } ? Response : never

/** The libp2p protocol id of a service: `/neurovoyance/inference/1.0.0`. */
export function protocolId(service: Pick<ServiceDefinition, 'name' | 'version'>): string {
  return `/neurovoyance/${service.name}/${service.version}`
}
