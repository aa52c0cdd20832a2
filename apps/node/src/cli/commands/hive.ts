import { Command } from 'commander'
import { NodeError } from '../../errors.js'
import { type Hive, inspectHive, startHive, stopHive } from '../../hive/hive.js'
import { contextOf } from '../context.js'
import { shortId, table } from '../format.js'
import { integerOption } from '../options.js'
import { aborted } from '../supervision.js'

interface UpOptions {
  nodes: number
  chain?: boolean
  price?: string
  foreground?: boolean
}

/** `nv hive up|status|down` */
export function hiveCommand(signal: AbortSignal): Command {
  const hive = new Command('hive').description(
    'A local hive of real processes on loopback, each with its own home.',
  )
  hive
    .command('up')
    .description('Start a hive: one bootstrap and some user nodes. They run until `nv hive down`.')
    .option('-n, --nodes <count>', 'user nodes beside the bootstrap', integerOption(1, 100), 3)
    .option('--chain', 'keep a chain of its own: four validators and a wallet with coins')
    .option('--price <nvy>', 'with --chain: what the user nodes ask for a billion work units')
    .option('-f, --foreground', 'stay, and end the hive with this command')
    .addHelpText(
      'after',
      '\nExamples:\n  nv hive up\n  nv hive up --chain --price 0.002 && nv wallet balance\n  nv hive up --nodes 5 --foreground\n  nv hive up --json | jq .bootstrap',
    )
    .action(async (options: UpOptions, command: Command) => {
      const { home, output } = contextOf(command, signal)
      if (options.price !== undefined && !options.chain) {
        throw new NodeError('NODE_USAGE', '--price is paid on the chain of the hive: give --chain with it.')
      }
      const started = await startHive({
        folder: home.hive,
        nodes: options.nodes,
        chain: options.chain === true,
        ...(options.price !== undefined && { price: options.price }),
        lifetime: options.foreground ? 'supervised' : 'detached',
        signal,
        onProgress: (done, total) => output.progress({ label: 'starting nodes', done, total, unit: 'count' }),
      })
      output.answer(
        started,
        () => `${describe(started)}\n\nTry: nv models add FOLDER · nv hive status · nv hive down`,
      )
      if (!options.foreground) return
      await aborted(signal)
      await stopHive(home.hive)
    })
  hive
    .command('status')
    .description('Show every node of the hive.')
    .addHelpText(
      'after',
      '\nExamples:\n  nv hive status\n  nv hive status --json | jq ".nodes[].gateway.url"',
    )
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const found = await inspectHive(home.hive)
      output.answer(found, () =>
        found.nodes.length === 0
          ? `No hive runs from ${home.hive}. Start one with 'nv hive up'.`
          : describe(found),
      )
      if (found.nodes.length === 0) process.exitCode = 3
    })
  hive
    .command('down')
    .description('End the hive’s processes. Homes and models stay.')
    .addHelpText('after', '\nExamples:\n  nv hive down\n  nv hive down --home /tmp/other-hive')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const stopped = await stopHive(home.hive)
      output.answer({ stopped }, () =>
        stopped === 0 ? 'No hive was running.' : `Ended ${stopped} processes.`,
      )
    })
  return hive
}

function describe({ nodes, bootstrap, chain }: Hive): string {
  const rows = nodes.map(node => [
    node.name,
    node.role,
    String(node.pid),
    shortId(node.peerId),
    String(node.peers),
    String(node.models.length),
    node.gateway.url,
  ])
  const join =
    bootstrap.find(address => address.includes('/tcp/') && !address.includes('/ws')) ?? bootstrap[0]
  const head = table([['NODE', 'ROLE', 'PID', 'PEER', 'PEERS', 'MODELS', 'GATEWAY'], ...rows])
  const coins = chain
    ? `\nchain:     ${chain.chainId}, ${chain.validators.length} validators\nwallet:    ${chain.client.address}`
    : ''
  return `${head}\n\nbootstrap: ${join ?? 'gone'}${coins}`
}
