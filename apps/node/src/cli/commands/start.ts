import { resolve } from 'node:path'
import { Command } from 'commander'
import { readConfig } from '../../config/file.js'
import { type Config, parseConfig } from '../../config/index.js'
import { lockHome } from '../../config/lock.js'
import { NodeError } from '../../errors.js'
import { createLogger } from '../../logger.js'
import { type ReferenceNode, startReferenceNode } from '../../reference-node.js'
import type { NodeRole } from '../../status.js'
import { contextOf } from '../context.js'
import { collect, integerOption } from '../options.js'
import { exitWhenLate, untilToldToLeave } from '../supervision.js'

interface StartOptions {
  bootstrap?: string[]
  loopback?: boolean
  port?: number
  gatewayPort?: number
  region?: string
  genesis?: string
  validator?: boolean
  price?: string
  supervised?: boolean
}

/** `nv start` */
export function startCommand(signal: AbortSignal): Command {
  return nodeCommand('start', 'peer', signal)
    .description('Run a node: host models, run them for others, serve the local gateway.')
    .option('--region <name>', 'a hint of where this node is, such as eu-west')
    .option('--price <nvy>', 'ask so many NVY for a billion work units, such as 0.002')
    .addHelpText(
      'after',
      '\nExamples:\n  nv start --bootstrap /ip4/203.0.113.7/tcp/4100/p2p/12D3Koo…\n  nv start --port 0 --gateway-port 0 --json\n\nCtrl-C ends it cleanly; settings are in `nv config`.',
    )
}

/** `nv bootstrap` */
export function bootstrapCommand(signal: AbortSignal): Command {
  return nodeCommand('bootstrap', 'bootstrap', signal)
    .description(
      'Run a bootstrap node: others find the network through it, and it relays for those behind NATs.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  nv bootstrap\n  nv bootstrap --port 4100 --json | jq -r ".addresses[]"',
    )
}

function nodeCommand(name: string, role: NodeRole, signal: AbortSignal): Command {
  return new Command(name)
    .option('-b, --bootstrap <multiaddr>', 'join the network through this node; may be repeated', collect)
    .option(
      '-p, --port <port>',
      'TCP port (WebSocket gets the next one); 0 = any free ones',
      integerOption(0, 65_534),
    )
    .option(
      '-g, --gateway-port <port>',
      'port of the HTTP gateway; 0 = any free one',
      integerOption(0, 65_535),
    )
    .option('--genesis <file>', 'keep the chain that this document begins')
    .option('--validator', 'vote on its blocks with the key of this home')
    .option('--loopback', 'stay on this machine: 127.0.0.1, free ports, no NAT, no LAN discovery')
    .option('--supervised', 'end when standard input closes, for programs that start nodes')
    .action(async (options: StartOptions, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const leaving = untilToldToLeave(signal, options.supervised)
      const config = withFlags(await readConfig(home.config), options)
      const unlock = await lockHome(home.lock)
      const logger = createLogger(config.log.level)
      let started: ReferenceNode | undefined
      void leaving.then(() => exitWhenLate(logger, () => started?.running() ?? ['start']))
      try {
        await using node = await startReferenceNode({ home, config, role, logger })
        started = node
        const status = node.services.status.current()
        const { url } = node.services.gateway
        output.answer({ ...status, gateway: { url } }, () =>
          [
            `${role} ${status.peerId}`,
            ...status.addresses.map(address => `  ${address}`),
            `gateway ${url}`,
            'Ctrl-C ends it.',
          ].join('\n'),
        )
        await leaving
        logger.info({ peerId: status.peerId }, 'leaving the network')
      } finally {
        await unlock()
      }
    })
}

/**
 * Flags over the config file's settings.
 *
 * @throws NodeError `NODE_USAGE` for `--validator` where no chain is named; `NODE_CONFIG_INVALID`
 */
function withFlags(config: Config, options: StartOptions): Config {
  const { port, genesis = config.chain.genesis } = options
  if (options.validator && genesis === null) {
    throw new NodeError(
      'NODE_USAGE',
      "--validator votes on a chain, and none is named: give --genesis FILE with it, or 'nv config set chain.genesis FILE' first.",
    )
  }
  const listen = {
    ...config.listen,
    ...(options.loopback && { host: '127.0.0.1', tcp: 0, ws: 0, webrtc: 0 }),
    ...(port !== undefined && { tcp: port, ws: port === 0 ? 0 : port + 1 }),
  }
  return parseConfig({
    ...config,
    listen,
    gateway: {
      ...config.gateway,
      ...(options.loopback && { port: 0 }),
      ...(options.gatewayPort !== undefined && { port: options.gatewayPort }),
    },
    ...(options.loopback && { mdns: false, nat: false }),
    ...(options.bootstrap && { bootstrap: options.bootstrap }),
    chain: {
      ...config.chain,
      ...(options.genesis !== undefined && { genesis: resolve(options.genesis) }),
      ...(options.validator && { validator: true }),
    },
    payments: { ...config.payments, ...(options.price !== undefined && { price: options.price }) },
    ...(options.region !== undefined && { region: options.region }),
  })
}
