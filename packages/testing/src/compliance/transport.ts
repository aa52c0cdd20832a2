import {
  type Codec,
  type Message,
  type MethodDefinition,
  NeurovoyanceError,
  type ReceivedMessage,
} from '@neurovoyance/protocol'
import { assertFails, ensure } from './backend-assertions.js'

const utf8 = new TextEncoder()
const fromUtf8 = new TextDecoder()

const textCodec: Codec<string> = {
  encode: text => utf8.encode(text),
  decode: bytes => fromUtf8.decode(bytes),
}

const method = <Kind extends 'unary' | 'duplex'>(
  name: string,
  kind: Kind,
): MethodDefinition<string, string, Kind> => ({
  name,
  kind,
  request: textCodec,
  response: textCodec,
  maxAttachmentBytes: 4 * 1024 * 1024,
})

/** The service that the suite serves and calls. */
const ComplianceService = {
  name: 'testing.compliance',
  version: '1.0.0',
  methods: { Echo: method('Echo', 'unary'), Chat: method('Chat', 'duplex') },
} as const

type Service = typeof ComplianceService
type TextMessage = Message<string>
type ReceivedText = ReceivedMessage<string>

interface Context {
  readonly peerId: string
  readonly signal: AbortSignal
  readonly remainingMs: () => number
  readonly trace: string | undefined
}

interface Handlers {
  Echo?: (request: ReceivedText, context: Context) => TextMessage | Promise<TextMessage>
  Chat?: (requests: AsyncIterable<ReceivedText>, context: Context) => AsyncIterable<TextMessage>
}

interface Options {
  signal?: AbortSignal
  timeoutMs?: number
  trace?: string
}

/** What the suite asks of a transport, in its own words; `Rpc` of `@neurovoyance/p2p` fits. */
export interface TransportUnderTest {
  serve(service: Service, handlers: Handlers): () => void
  call(
    peerId: string,
    service: Service,
    name: 'Echo',
    message: TextMessage,
    options?: Options,
  ): Promise<ReceivedText>
  duplex(
    peerId: string,
    service: Service,
    name: 'Chat',
    source: AsyncIterable<TextMessage>,
    options?: Options,
  ): AsyncIterable<ReceivedText>
}

/** Two ends that can reach each other. */
export interface TransportPair {
  client: TransportUnderTest
  clientId: string
  server: TransportUnderTest
  serverId: string
  close(): Promise<void>
}

/** What {@link transportCompliance} is given. */
export interface TransportComplianceInit {
  /** Makes the two ends that one case uses and closes. */
  readonly create: () => Promise<TransportPair>
}

/** One case of a suite, for any test runner. */
export interface TransportComplianceCase {
  readonly name: string
  run(): Promise<void>
}

/**
 * What every transport of remote procedures does alike, as cases for any test runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of transportCompliance({ create: connectedPair })) it(name, run)
 * ```
 */
export function transportCompliance(init: TransportComplianceInit): TransportComplianceCase[] {
  const checks: [string, (pair: TransportPair) => Promise<void>][] = [
    ['carries body and attachments both ways', checkEcho],
    ['tells the handler who calls, how long it has, and the trace', checkContext],
    ['brings the code, message and details of an error', checkError],
    ['keeps what an error without a code says to itself', checkInternalError],
    ['refuses methods and services that are not served', checkUnsupported],
    ['ends a call at its deadline, at both ends', checkDeadline],
    ['cancels the handler with the call', checkCancel],
    ['runs many calls at once', checkMany],
    ['carries messages both ways in order', checkDuplex],
    ['cancels the handler when the reader leaves', checkLeave],
  ]
  return checks.map(([name, check]) => ({
    name,
    async run() {
      const pair = await init.create()
      try {
        await check(pair)
      } finally {
        await pair.close()
      }
    },
  }))
}

async function checkEcho({ client, server, serverId }: TransportPair): Promise<void> {
  server.serve(ComplianceService, { Echo: ({ body, attachments }) => ({ body, attachments }) })
  for (const size of [0, 1, 5000, 3_000_000]) {
    const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251)
    const attachments = [[bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)], new Uint8Array(3)]
    const answer = await client.call(serverId, ComplianceService, 'Echo', { body: `${size}`, attachments })
    ensure(answer.body === `${size}`, `the body came back as ${answer.body}`)
    ensure(answer.attachments.length === 2, `${answer.attachments.length} attachments came back, not 2`)
    const [first] = answer.attachments
    const same = first!.length === size && first!.every((byte, index) => byte === bytes[index])
    ensure(same, `an attachment of ${size} bytes came back changed`)
    ensure(first!.byteOffset === 0, 'an attachment does not begin at the start of its buffer')
    ensure(first!.buffer.byteLength === size, 'an attachment does not have a buffer of its own')
  }
}

async function checkContext({ client, clientId, server, serverId }: TransportPair): Promise<void> {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  server.serve(ComplianceService, {
    Echo: (_, { peerId, remainingMs, trace }) => ({
      body: JSON.stringify({ peerId, leftMs: remainingMs(), trace }),
    }),
  })
  const options = { timeoutMs: 50_000, trace }
  const { body } = await client.call(serverId, ComplianceService, 'Echo', { body: '' }, options)
  const seen = JSON.parse(body) as { peerId: string; leftMs: number; trace: string }
  ensure(seen.peerId === clientId, `the caller is ${seen.peerId} instead of ${clientId}`)
  ensure(seen.trace === trace, `the trace is ${seen.trace}`)
  ensure(seen.leftMs > 0 && seen.leftMs <= 50_000, `${seen.leftMs} ms are left of 50000`)
}

async function checkError({ client, server, serverId }: TransportPair): Promise<void> {
  server.serve(ComplianceService, {
    Echo: () => {
      throw new NeurovoyanceError('TEST_REFUSED', 'Not today.', { details: { why: 'rain' } })
    },
  })
  const failed = await client
    .call(serverId, ComplianceService, 'Echo', { body: '' })
    .catch((error: unknown) => error)
  ensure(failed instanceof NeurovoyanceError, 'the error is no NeurovoyanceError')
  ensure(failed.code === 'TEST_REFUSED', `the code is ${failed.code}`)
  ensure(failed.message === 'Not today.', `the message is ${failed.message}`)
  ensure(failed.details.why === 'rain', 'the details are lost')
}

async function checkInternalError({ client, server, serverId }: TransportPair): Promise<void> {
  server.serve(ComplianceService, { Echo: () => Promise.reject(new Error('the secret')) })
  const failed = await client
    .call(serverId, ComplianceService, 'Echo', { body: '' })
    .catch((error: unknown) => error)
  ensure(failed instanceof NeurovoyanceError, 'the error is no NeurovoyanceError')
  ensure(!JSON.stringify(failed).includes('secret'), 'the error tells what the handler kept to itself')
}

async function checkUnsupported({ client, server, serverId }: TransportPair): Promise<void> {
  const call = () => client.call(serverId, ComplianceService, 'Echo', { body: '' })
  await assertFails(call, /UNSUPPORTED_SERVICE$/)
  const stop = server.serve(ComplianceService, {})
  await assertFails(call, /UNSUPPORTED_METHOD$/)
  stop()
}

async function checkDeadline({ client, server, serverId }: TransportPair): Promise<void> {
  const aborted = once()
  server.serve(ComplianceService, {
    Echo: (_, { signal }) => {
      signal.addEventListener('abort', aborted.settle)
      return new Promise(() => {})
    },
  })
  const options = { timeoutMs: 100 }
  await assertFails(
    () => client.call(serverId, ComplianceService, 'Echo', { body: '' }, options),
    /DEADLINE_EXCEEDED$/,
  )
  await aborted.settled
}

async function checkCancel({ client, server, serverId }: TransportPair): Promise<void> {
  const started = once()
  const aborted = once()
  server.serve(ComplianceService, {
    Echo: (_, { signal }) => {
      signal.addEventListener('abort', aborted.settle)
      started.settle()
      return new Promise(() => {})
    },
  })
  const controller = new AbortController()
  const options = { signal: controller.signal }
  const call = client.call(serverId, ComplianceService, 'Echo', { body: '' }, options)
  call.catch(() => {})
  await started.settled
  controller.abort()
  await assertFails(() => call, /CANCELLED$/)
  await aborted.settled
}

async function checkMany({ client, server, serverId }: TransportPair): Promise<void> {
  server.serve(ComplianceService, {
    Echo: async ({ body }) => {
      await Promise.resolve()
      return { body }
    },
  })
  const texts = Array.from({ length: 100 }, (_, index) => `call ${index}`)
  const answers = await Promise.all(
    texts.map(body => client.call(serverId, ComplianceService, 'Echo', { body })),
  )
  ensure(
    answers.every(({ body }, index) => body === texts[index]),
    'an answer went to another call',
  )
}

async function checkDuplex({ client, server, serverId }: TransportPair): Promise<void> {
  server.serve(ComplianceService, {
    async *Chat(requests) {
      for await (const { body, attachments } of requests) yield { body: `re: ${body}`, attachments }
    },
  })
  async function* source(): AsyncGenerator<TextMessage> {
    for (let index = 0; index < 200; index++) yield { body: `${index}`, attachments: [new Uint8Array(index)] }
  }
  let count = 0
  for await (const { body, attachments } of client.duplex(serverId, ComplianceService, 'Chat', source())) {
    ensure(body === `re: ${count}`, `the answer ${count} is "${body}"`)
    ensure(attachments[0]!.length === count, `the attachment ${count} has ${attachments[0]!.length} bytes`)
    count++
  }
  ensure(count === 200, `${count} answers came instead of 200`)
}

async function checkLeave({ client, server, serverId }: TransportPair): Promise<void> {
  const aborted = once()
  server.serve(ComplianceService, {
    async *Chat(_, { signal }) {
      signal.addEventListener('abort', aborted.settle)
      for (let index = 0; ; index++) yield { body: `${index}` }
    },
  })
  async function* nothing(): AsyncGenerator<TextMessage> {}
  for await (const { body } of client.duplex(serverId, ComplianceService, 'Chat', nothing())) {
    if (body === '3') break
  }
  await aborted.settled
}

function once(): { settled: Promise<void>; settle: () => void } {
  let settle = () => {}
  const settled = new Promise<void>(resolve => {
    settle = resolve
  })
  return { settled, settle: () => settle() }
}
