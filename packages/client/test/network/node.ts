import type { Host } from '@neurovoyance/p2p'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { createPeerHost, type ListenInit } from '@neurovoyance/p2p/node'
import {
  createTensor,
  decodeTensorFrame,
  encodeTensorFrame,
  type HostedModel,
  InferenceService,
  type InferRequest,
  type InferResponse,
  MarketService,
  type Message,
  NeurovoyanceError,
  type ReceivedMessage,
  TOPICS,
} from '@neurovoyance/protocol'
import { type Announcer, createAnnouncer } from '@neurovoyance/scheduler'

/** A model that adds its inputs `a` and `b`, float32 of any one size, into `sum`. */
export const ADDER = 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

/** How a test node answers a run. */
export type RunHandler = (
  request: ReceivedMessage<InferRequest>,
  signal: AbortSignal,
) => Message<InferResponse> | Promise<Message<InferResponse>>

/** A real host with a real offer, whose models are JavaScript. */
export interface TestNode {
  readonly host: Host
  /** The models' files that it has fetched, by CID. */
  path(model: string): string | undefined
  /** Runs that it has been asked for. */
  readonly runs: readonly ReceivedMessage<InferRequest>[]
  readonly describes: number
  /** Models it was asked to host, and by whom. */
  readonly asked: readonly { model: string; name: string; by: string }[]
  /** Its first offer as it is signed. */
  readonly sealedOffer: Promise<Uint8Array>
  /** Starts to offer a model. */
  offer(model: string, name?: string): void
  close(): Promise<void>
}

/** What a test node is made from. */
export interface TestNodeInit {
  bootstrap: readonly string[]
  listen: ListenInit
  /** The models that it offers from the start: names by CID. Default: the adder. */
  models?: Readonly<Record<string, string>>
  /** Default: adds. */
  run?: RunHandler
  /** Whether it hosts what it is asked to host. Default `true`. */
  willing?: boolean
  /** What it throws when it is asked to host a model. */
  refusal?: NeurovoyanceError<string>
  /** What it finds wrong with a model that it has said yes to, the next time it is asked. */
  flaw?: NeurovoyanceError
  /** Folder into which it fetches models before it hosts them. Default: it only says that it hosts them. */
  store?: string
}

/** Starts a node that joins by the bootstrap and announces its offer. */
export async function startNode(init: TestNodeInit): Promise<TestNode> {
  const { models = { [ADDER]: 'adder' }, run = add, willing = true, refusal, flaw } = init
  const host = await createPeerHost({ listen: init.listen, bootstrap: init.bootstrap })
  const hosted = new Map(Object.entries(models))
  const runs: ReceivedMessage<InferRequest>[] = []
  const asked: { model: string; name: string; by: string }[] = []
  let describes = 0

  host.rpc.serve(InferenceService, {
    Describe: () => {
      describes++
      return { body: ADDER_SIGNATURE }
    },
    Infer: (request, { signal }) => {
      runs.push(request)
      return run(request, signal)
    },
  })
  const first = Promise.withResolvers<Uint8Array>()
  const announcer = announce(host, hosted, first.resolve)
  const offer = (model: string, name = '') => {
    hosted.set(model, name)
    announcer.changed()
  }
  const artifacts = init.store === undefined ? undefined : await createArtifacts({ host, dir: init.store })
  host.rpc.serve(MarketService, {
    RequestHosting: async ({ body: { model, name } }, { peerId }) => {
      asked.push({ model, name, by: peerId })
      if (refusal !== undefined) throw refusal
      if (flaw !== undefined) {
        if (asked.length > 1) throw flaw
        return { body: { accepted: true, reason: '' } }
      }
      await artifacts?.fetch(model, { providers: [peerId] })
      if (willing) offer(model, name)
      return { body: { accepted: willing, reason: willing ? '' : 'no room' } }
    },
  })
  return {
    host,
    runs,
    asked,
    path: model => artifacts?.path(model),
    get describes() {
      return describes
    },
    offer,
    sealedOffer: first.promise,
    async close() {
      await announcer.close()
      await artifacts?.close()
      await host.close()
    },
  }
}

/** The sum of two float32 inputs; refuses as a node does what is not that. */
export const add: RunHandler = ({ body, attachments }) => {
  const inputs = new Map(body.inputNames.map((name, index) => [name, decodeTensorFrame(attachments[index]!)]))
  const a = inputs.get('a')
  const b = inputs.get('b')
  if (!(a?.data instanceof Float32Array) || !(b?.data instanceof Float32Array)) {
    throw new NeurovoyanceError('ONNX_INPUT_MISSING', 'the adder wants a and b')
  }
  const [left, right] = [a.data, b.data]
  const sum = createTensor(
    'float32',
    left.map((value, index) => value + right[index]!),
    a.dims,
  )
  return {
    body: { outputNames: ['sum'], stats: { queueUs: 1, runUs: 2, backend: 'test', cold: false } },
    attachments: [encodeTensorFrame(sum)],
  }
}

const ADDER_SIGNATURE = {
  name: 'adder',
  loaded: true,
  bytes: 1,
  inputs: ['a', 'b'].map(vector),
  outputs: [vector('sum')],
}

function vector(name: string) {
  return { name, type: 'float32', dims: [{ symbol: 'n' }], optional: false, unranked: false }
}

function announce(
  host: Host,
  hosted: ReadonlyMap<string, string>,
  onSealed: (sealed: Uint8Array) => void,
): Announcer {
  return createAnnouncer({
    signer: host.signer,
    dampMs: 0,
    describe: () => ({
      region: '',
      queueDepth: 0,
      slots: 1,
      capability: { gflops: 1, memoryBandwidthMbps: 1, backend: 'test', memoryBytes: 1 },
      models: [...hosted].map(
        ([model, name]): HostedModel => ({ model, name, loaded: true, p50Us: 1000, bytes: 1, inFlight: 0 }),
      ),
    }),
    async publish(sealed) {
      onSealed(sealed)
      await host.gossip.publish(TOPICS.offers, sealed)
    },
  })
}
