import { callGateway, type GatewayAddress, lines } from '../gateway-client.js'
import type {
  AccountJson,
  BlockJson,
  ChainStatusJson,
  ParameterJson,
  SupplyJson,
  TransactionJson,
  TrialJson,
  ValidatorJson,
} from './shapes.js'

/** One message of a chain's event stream. */
export interface ChainMessage {
  /** `block`, `event`, `gap`. */
  readonly event: string
  readonly data: unknown
}

/** Speaks to the chain of a node that runs on this machine, through its gateway. */
export interface ChainClient {
  status(): Promise<ChainStatusJson>
  /** By height, id, or `latest`. */
  block(at: string): Promise<BlockJson>
  transaction(
    id: string,
    options?: { waitMs?: number; prove?: boolean; signal?: AbortSignal },
  ): Promise<TransactionJson>
  account(address: string, options?: { prove?: boolean }): Promise<AccountJson>
  history(address: string, options: { limit: number; before?: string }): Promise<TransactionJson[]>
  validators(): Promise<readonly ValidatorJson[]>
  supply(): Promise<SupplyJson>
  parameters(): Promise<readonly ParameterJson[]>
  /** Encoded; of a height, or the newest. */
  lightBlock(height?: number): Promise<Uint8Array>
  /** What a transaction would do in the next block; nothing of it happens. */
  trial(bytes: Uint8Array): Promise<TrialJson>
  /** Gives the chain a transaction; its id. */
  submit(bytes: Uint8Array): Promise<string>
  /** Blocks and events as they come, until `signal` aborts. */
  watch(
    filter: { account?: string | undefined; kind?: string | undefined; after?: number | undefined },
    signal: AbortSignal,
  ): AsyncIterable<ChainMessage>
}

/** A client of a gateway's chain. */
export function chainClient(address: GatewayAddress): ChainClient {
  const post = async <T>(path: string, body: Uint8Array) => {
    const headers = { 'content-type': 'application/octet-stream' }
    return (await (await callGateway(address, 'POST', `/chain/${path}`, { body, headers })).json()) as T
  }
  const get = async <T>(path: string, signal?: AbortSignal) =>
    (await (await callGateway(address, 'GET', `/chain/${path}`, signal ? { signal } : {})).json()) as T
  return {
    status: () => get('status'),
    block: at => get(`blocks/${encodeURIComponent(at)}`),
    transaction(id, { waitMs, prove = false, signal } = {}) {
      const query = new URLSearchParams({
        ...(waitMs !== undefined && { wait: String(waitMs) }),
        ...(prove && { prove: 'true' }),
      })
      return get(`transactions/${encodeURIComponent(id)}?${query}`, signal)
    },
    account: (account, { prove = false } = {}) =>
      get(`accounts/${encodeURIComponent(account)}${prove ? '?prove=true' : ''}`),
    history: (account, { limit, before }) =>
      get(
        `accounts/${encodeURIComponent(account)}/transactions?limit=${limit}${before === undefined ? '' : `&before=${before}`}`,
      ),
    validators: () => get('validators'),
    supply: () => get('supply'),
    parameters: () => get('parameters'),
    async lightBlock(height) {
      const response = await callGateway(address, 'GET', `/chain/light-blocks/${height ?? 'latest'}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    trial: bytes => post('transactions/trial', bytes),
    submit: async bytes => (await post<{ id: string }>('transactions', bytes)).id,
    async *watch({ account, kind, after }, signal) {
      const query = new URLSearchParams({
        ...(account !== undefined && { account }),
        ...(kind !== undefined && { kind }),
        ...(after !== undefined && { after: String(after) }),
      })
      const response = await callGateway(address, 'GET', `/chain/events?${query}`, { signal })
      yield* messages(response)
    },
  }
}

/** Server-sent events; comments and what has no data are left out. */
async function* messages(response: Response): AsyncIterable<ChainMessage> {
  let event = 'message'
  let data = ''
  for await (const line of lines(response)) {
    if (line.startsWith('event: ')) event = line.slice(7)
    if (line.startsWith('data: ')) data = line.slice(6)
    if (line !== '' || data === '') continue
    yield { event, data: JSON.parse(data) }
    event = 'message'
    data = ''
  }
}
