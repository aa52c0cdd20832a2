import { z } from 'zod'

const port = z.int().min(0).max(65535)
const optionalPort = port.nullable()
const amount = z
  .string('is text: "0.002", in quotes')
  .regex(/^\d{1,10}(\.\d{1,9})?$/, 'is not an amount such as 0.002')

/** Every setting of a node, with its default: what the config file holds. */
export const configSchema = z.strictObject({
  listen: z
    .strictObject({
      host: z
        .string()
        .default('0.0.0.0')
        .describe('Address to listen on; 127.0.0.1 keeps the node on this machine.'),
      tcp: optionalPort
        .default(4100)
        .describe('TCP port, the first choice for payloads; 0 = any free port, null = off.'),
      ws: optionalPort.default(4101).describe('WebSocket port, for browsers; 0 = any free port, null = off.'),
      quic: optionalPort.default(null).describe('QUIC (UDP) port; null = off.'),
      webrtc: optionalPort.default(null).describe('WebRTC-direct (UDP) port, for browsers; null = off.'),
    })
    .prefault({}),
  announce: z
    .array(z.string())
    .default([])
    .describe('Multiaddrs to announce beside those found, for a node behind a forwarded port.'),
  bootstrap: z.array(z.string()).max(64).default([]).describe('Multiaddrs of bootstrap nodes.'),
  mdns: z.boolean().default(true).describe('Find peers on the local network.'),
  nat: z.boolean().default(true).describe('Use UPnP, relays and WebRTC to be reachable behind a NAT.'),
  swarmKeyFile: z
    .string()
    .nullable()
    .default(null)
    .describe('File with the key of a private swarm; null = the public network.'),
  region: z
    .string()
    .max(32)
    .default('')
    .describe('A hint for clients of where this node is, such as eu-west.'),
  gateway: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address of the HTTP gateway.'),
      port: port.default(7700).describe('Port of the HTTP gateway; 0 = any free port.'),
      metrics: z.boolean().default(true).describe('Serve /metrics for Prometheus.'),
    })
    .prefault({}),
  runtime: z
    .strictObject({
      slots: z
        .int()
        .min(1)
        .max(64)
        .nullable()
        .default(null)
        .describe('Runs at the same time; null = by the machine.'),
      threads: z
        .int()
        .min(1)
        .max(256)
        .nullable()
        .default(null)
        .describe('Threads of one run; null = by the machine.'),
      memoryMiB: z
        .int()
        .min(192)
        .nullable()
        .default(null)
        .describe('Memory cap of each model process; null = 60% of the machine, shared among the slots.'),
      providers: z
        .array(z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']))
        .max(8)
        .default(['cpu'])
        .describe(
          'Execution providers in order of preference (cpu, cuda, webgpu, dml, coreml); what is not present is passed over with a reason.',
        ),
    })
    .prefault({}),
  hosting: z
    .strictObject({
      auto: z.boolean().default(true).describe('Fetch and host models that the network asks for.'),
      diskMiB: z.int().min(0).default(20_480).describe('Disk that hosted models may take.'),
    })
    .prefault({}),
  chain: z
    .strictObject({
      genesis: z
        .string()
        .nullable()
        .default(null)
        .describe('File of the genesis of the chain that this node keeps, from the home on; null = none.'),
      validator: z
        .boolean()
        .default(false)
        .describe('Vote on blocks with the key in chain/validator.key; false = follow only.'),
      bind: z
        .boolean()
        .default(true)
        .describe(
          'Bind this node to its wallet (payments.wallet) on the ledger, once, when that can pay the fee; false = leave it to nv wallet bind.',
        ),
      commitMs: z
        .int()
        .min(0)
        .max(60_000)
        .default(500)
        .describe('Milliseconds from a block to the next height, for votes still on their way.'),
      heartbeatMs: z
        .int()
        .min(1_000)
        .max(60_000)
        .default(60_000)
        .describe('A block comes at least so often, in milliseconds, when nothing happens.'),
      blockKiB: z.int().min(64).max(4_096).default(1_024).describe('Largest block that this node proposes.'),
      keepBlocks: z
        .int()
        .min(1_000)
        .nullable()
        .default(null)
        .describe('Blocks to keep; null = all of them (an archive).'),
      snapshotBlocks: z
        .int()
        .min(10)
        .nullable()
        .default(1_000)
        .describe('Make a snapshot of the state for newcomers after every so many blocks; null = none.'),
      stateSync: z
        .boolean()
        .default(false)
        .describe('Begin with a snapshot of others instead of the first block; checked by the headers.'),
      trust: z
        .string()
        .regex(/^[1-9]\d{0,15}:[0-9a-f]{64}$/, 'give HEIGHT:BLOCK, the id of a block that you trust')
        .nullable()
        .default(null)
        .describe(
          'HEIGHT:BLOCK of a header that you trust: a chain with another block there is refused, and stateSync goes by it where the genesis is older than two weeks; null = the genesis.',
        ),
      haltHeight: z
        .int()
        .min(1)
        .nullable()
        .default(null)
        .describe(
          'Stop the chain here after this block, for an upgrade that all make together; null = never.',
        ),
    })
    .prefault({}),
  payments: z
    .strictObject({
      price: amount
        .nullable()
        .default(null)
        .describe('NVY for a billion work units, as text: "0.002"; null = work for nothing (payment: none).'),
      minimum: amount.default('0.00001').describe('NVY that a request costs at least.'),
      wallet: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,64}$/)
        .default('default')
        .describe('Wallet that is paid; one is made where there is none. It needs a few coins for fees.'),
      redeemSeconds: z
        .int()
        .min(1)
        .max(3_600)
        .default(10)
        .describe('How often vouchers are looked at, and redeemed where that is worth its fee.'),
      budget: amount
        .nullable()
        .default(null)
        .describe(
          "NVY that payments.wallet pays other nodes and puts aside for them, in all, for runs that this node's own gateway is asked for; null = free nodes only.",
        ),
      maxPrice: amount
        .nullable()
        .default(null)
        .describe('NVY that one such run may cost; null = the budget.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('Least severity that is logged.'),
    })
    .prefault({}),
})

/** A node's settings, complete. */
export type Config = z.output<typeof configSchema>

/** A node's settings as a user gives them: each may be left out. */
export type ConfigInput = z.input<typeof configSchema>
