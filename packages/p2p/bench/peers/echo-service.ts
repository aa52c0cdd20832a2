import type { Codec, MethodDefinition } from '@neurovoyance/protocol'

const bytesCodec: Codec<Uint8Array> = { encode: bytes => bytes, decode: bytes => bytes }

const Echo: MethodDefinition<Uint8Array, Uint8Array, 'unary'> = {
  name: 'Echo',
  kind: 'unary',
  request: bytesCodec,
  response: bytesCodec,
  maxAttachmentBytes: 1024 * 1024,
}

/** Answers with the bytes it got. */
export const EchoService = { name: 'bench.echo', version: '1.0.0', methods: { Echo } } as const

/** The protocol that echoes on a raw stream. */
export const RAW_ECHO = '/bench/echo/1.0.0'
