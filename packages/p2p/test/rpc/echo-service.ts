import type { Codec, MethodDefinition } from '@neurovoyance/protocol'

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder('utf-8', { fatal: true })

/** A message as JSON, so that tests need no generated code. */
export function jsonCodec<T>(): Codec<T> {
  return {
    encode: value => utf8.encode(JSON.stringify(value)),
    decode: bytes => JSON.parse(fromUtf8.decode(bytes)) as T,
  }
}

export interface Text {
  text: string
}

/** A service for tests: answers with what it got. */
export const EchoService = {
  name: 'test.echo',
  version: '1.0.0',
  methods: {
    Echo: {
      name: 'Echo',
      kind: 'unary',
      request: jsonCodec<Text>(),
      response: jsonCodec<Text>(),
      maxAttachmentBytes: 32 * 1024 * 1024,
    } satisfies MethodDefinition<Text, Text, 'unary'>,
    Chat: {
      name: 'Chat',
      kind: 'duplex',
      request: jsonCodec<Text>(),
      response: jsonCodec<Text>(),
      maxAttachmentBytes: 32 * 1024 * 1024,
    } satisfies MethodDefinition<Text, Text, 'duplex'>,
  },
} as const
