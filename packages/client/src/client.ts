import type { Host } from '@neurovoyance/p2p'
import { silentLogger, systemClock } from '@neurovoyance/protocol'
import { createDispatcher, createMarket, type ModelView } from '@neurovoyance/scheduler'
import { openArtifacts } from '#artifacts'
import { openHost } from '#host'
import { ClientError } from './errors.js'
import { type InferParams, type InferResult, infer } from './inference/infer.js'
import { type ClientInit, type ClientSettings, parseInit } from './init.js'
import { createDemandCaller } from './market/demand.js'
import { feedMarket } from './market/feed.js'
import { type AddedModel, type AddModelOptions, addModel } from './models/add.js'
import { type DescribeModelOptions, describeModel } from './models/describe.js'
import { type ListModelsOptions, listModels } from './models/list.js'
import { type PinModelOptions, type PinnedModel, pinModel } from './models/pin.js'
import type { ModelReference } from './models/reference.js'
import type { ModelSignature } from './models/signature.js'
import { firstPeer } from './network/connect.js'
import { rememberRoundTrips } from './network/round-trips.js'
import { type NetworkStatus, networkStatus } from './network/status.js'
import type { PayingContext } from './paying-port.js'

/** A program's place on the network: every function of this package, bound to one connection. */
export interface Client extends PayingContext, AsyncDisposable {
  /** {@link infer}: runs a model once. */
  infer(params: InferParams): Promise<InferResult>
  readonly models: {
    /** {@link listModels}: what nodes host now. */
    list(options?: ListModelsOptions): Promise<ModelView[]>
    /** {@link describeModel}: what a model takes and gives. */
    describe(model: ModelReference, options?: DescribeModelOptions): Promise<ModelSignature>
    /** {@link addModel}: puts a model from disk on the network. */
    add(path: string, options?: AddModelOptions): Promise<AddedModel>
    /** {@link pinModel}: has nodes host a model. */
    pin(model: ModelReference, options?: PinModelOptions): Promise<PinnedModel>
  }
  readonly network: {
    /** {@link networkStatus}: who this client is connected to. */
    status(): NetworkStatus
  }
  /** Cancels what is in progress and leaves the network. May be called again. */
  close(): Promise<void>
}

/**
 * Joins the network.
 *
 * ```ts
 * await using client = await createClient({ bootstrap: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3Koo…'] })
 * const { outputs, node } = await client.infer({ model: 'bafy…', inputs })
 * ```
 *
 * @throws ClientError `CLIENT_INVALID_INIT`; `CLIENT_NO_NETWORK` where no peer is reached in time
 */
export async function createClient(init: ClientInit): Promise<Client> {
  const settings = parseInit(init)
  const host = settings.host ?? (await openHost(settings))
  const client = bindClient(settings, host)
  try {
    if (settings.host === undefined) await firstPeer(host, settings)
  } catch (error) {
    await client.close()
    throw error
  }
  return client
}

function bindClient(settings: ClientSettings, host: Host): Client {
  const { context, close } = createContext(settings, host)
  let closed: Promise<void> | undefined
  const client: Client = {
    ...context,
    infer: params => infer(client, params),
    models: {
      list: options => listModels(client, options),
      describe: (model, options) => describeModel(client, model, options),
      add: (path, options) => addModel(client, path, options),
      pin: (model, options) => pinModel(client, model, options),
    },
    network: { status: () => networkStatus(client) },
    close: () => (closed ??= close()),
    [Symbol.asyncDispose]: () => client.close(),
  }
  context.payments?.start(client)
  return client
}

function createContext(
  settings: ClientSettings,
  host: Host,
): { context: PayingContext; close(): Promise<void> } {
  const { logger = silentLogger, clock = systemClock, deadlineMs, bootstrap, home, payments } = settings
  const closing = new AbortController()
  const market = createMarket({ clock, verifier: host.verifier })
  const feed = feedMarket({ host, market, clock, logger })
  const roundTrip = rememberRoundTrips(host, clock)
  const dispatcher = createDispatcher({
    market,
    clock,
    // Only connections are measured; a flood of offers may have thousands of strangers.
    rtt: peerId => (market.isConnected(peerId) ? roundTrip(peerId) : undefined),
    onDemand: createDemandCaller({ host, clock, logger }),
    defaultDeadlineMs: deadlineMs,
  })
  let artifacts: ReturnType<PayingContext['artifacts']> | undefined
  return {
    context: {
      host,
      market,
      feed,
      dispatcher,
      signatures: new Map(),
      payments,
      clock,
      logger,
      deadlineMs,
      bootstrap,
      closing: closing.signal,
      artifacts: () => (artifacts ??= openArtifacts({ host, home })),
    },
    async close() {
      // Closing a channel needs the nodes that it pays.
      await payments?.close()
      closing.abort(new ClientError('CLIENT_CLOSED', 'the client was closed'))
      feed.close()
      dispatcher.close()
      await artifacts?.then(
        store => store.close(),
        () => undefined,
      )
      if (settings.host === undefined) await host.close()
    },
  }
}
