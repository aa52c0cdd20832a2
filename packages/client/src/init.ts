import type { Host } from '@neurovoyance/p2p'
import type { Clock, Logger } from '@neurovoyance/protocol'
import * as z from 'zod/mini'
import { ClientError } from './errors.js'
import type { Payments } from './paying-port.js'

/** What a client is made from. */
export interface ClientInit {
  /** Addresses of bootstrap nodes: `/ip4/203.0.113.7/tcp/4001/p2p/12D3Koo…`; `/ws` or `/webrtc-direct` ones in a browser. */
  bootstrap?: readonly string[]
  /** Folder of the client's identity, address book and added models (Node). Left out, all live as long as the client. */
  home?: string
  /** The key of a private swarm: 64 hexadecimal digits, or the text of a key file. Left out, the client joins the public network. */
  swarmKey?: string
  /** A host to use in place of one of the client's own; the caller closes it. */
  host?: Host
  /** How nodes are paid: `createPayments` of `@neurovoyance/client/pay`. Default: only free nodes are asked. */
  payments?: Payments
  /** Time for a request that does not say, in milliseconds. Default 30,000. */
  deadlineMs?: number
  /** Time to reach the first peer, in milliseconds. Default 10,000. */
  connectTimeoutMs?: number
  /** Gives up on connecting. */
  signal?: AbortSignal
  /** Default: no logs. */
  logger?: Logger
  /** Default: the machine's. */
  clock?: Clock
}

const day = 86_400_000

const schema = z.object({
  bootstrap: z._default(
    z
      .array(z.string().check(z.regex(/^\/.+\/p2p\/[^/]+$/, 'is not an address that ends in /p2p/<peer id>')))
      .check(z.maxLength(256)),
    [],
  ),
  home: z.optional(z.string().check(z.minLength(1))),
  deadlineMs: z._default(z.number().check(z.gt(0), z.lte(day)), 30_000),
  connectTimeoutMs: z._default(z.number().check(z.gt(0), z.lte(day)), 10_000),
})

/** What `createClient` works with: every setting that has a default is there. */
export type ClientSettings = Omit<ClientInit, 'deadlineMs' | 'connectTimeoutMs' | 'bootstrap'> &
  Readonly<Required<Pick<ClientInit, 'deadlineMs' | 'connectTimeoutMs' | 'bootstrap'>>>

/**
 * Checks a client's settings and fills in the defaults.
 *
 * @throws ClientError `CLIENT_INVALID_INIT`
 */
export function parseInit(init: ClientInit): ClientSettings {
  const parsed = schema.safeParse(init)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new ClientError('CLIENT_INVALID_INIT', `createClient: ${issues.join('; ')}`, {
      details: { issues },
    })
  }
  const { bootstrap, deadlineMs, connectTimeoutMs } = parsed.data
  if (bootstrap.length === 0 && init.host === undefined && init.home === undefined) {
    throw new ClientError(
      'CLIENT_INVALID_INIT',
      "createClient: a client needs a bootstrap address, a home that knows peers, or a host ('nv start' and 'nv hive up' print addresses)",
      { details: { issues: ['bootstrap: missing'] } },
    )
  }
  return Object.freeze({ ...init, bootstrap, deadlineMs, connectTimeoutMs })
}
