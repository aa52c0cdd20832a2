import { Command } from 'commander'
import type { NodeStatus } from '../../status.js'
import { contextOf } from '../context.js'
import { requireGateway } from '../find-gateway.js'
import { describeSpeed, formatBytes, formatDuration, shortAddress, shortId, table } from '../format.js'

/** `nv status` */
export function statusCommand(signal: AbortSignal): Command {
  return new Command('status')
    .description('Show the running node: id, addresses, models, speed.')
    .addHelpText('after', '\nExamples:\n  nv status\n  nv status --json | jq .gateway.token')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const gateway = await requireGateway(home)
      const status = await gateway.status()
      const { url, token } = gateway.address
      output.answer({ ...status, gateway: { url, token } }, () => describe(status, url))
    })
}

const PEER_COLUMNS = ['PEER', 'ROLE', 'REGION', 'TRANSPORT', 'ROUND TRIP', 'MODELS'] as const

/** `nv peers` */
export function peersCommand(signal: AbortSignal): Command {
  return new Command('peers')
    .description('List the peers that the running node is connected to.')
    .addHelpText('after', '\nExamples:\n  nv peers\n  nv peers --json | jq length')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const peers = await (await requireGateway(home)).peers()
      const rows = peers.map(peer => [
        peer.peerId,
        peer.role ?? '–',
        peer.region ?? '–',
        peer.relayed ? `${peer.transport} (relayed)` : peer.transport,
        peer.rttMs === null ? '–' : `${peer.rttMs.toFixed(1)} ms`,
        String(peer.models.length),
      ])
      output.answer(peers, () => (rows.length === 0 ? 'No peers yet.' : table([PEER_COLUMNS, ...rows])))
    })
}

function describe(status: NodeStatus, url: string): string {
  const lines = [
    ['id', status.peerId],
    ['role', status.role],
    ['version', status.version],
    ['process', `${status.pid}, up ${formatDuration(status.uptimeMs)}`],
    ['home', status.home],
    ['ready', status.ready ? 'yes' : 'not yet'],
    ['peers', String(status.peers)],
    ['gateway', url],
    ...status.addresses.map((address, index) => [index === 0 ? 'addresses' : '', shortAddress(address)]),
  ]
  const { runtime } = status
  if (runtime !== null) {
    const { backend, skipped, slots, queueDepth, memoryLimitBytes } = runtime
    lines.push(['runtime', `${backend}, ${describeSpeed(runtime)}`])
    for (const { provider, reason } of skipped) lines.push(['', `${provider} is passed over: ${reason}`])
    lines.push([
      'runs',
      `${slots} at a time, ${queueDepth} waiting, up to ${formatBytes(memoryLimitBytes)} each`,
    ])
  }
  const head = lines.map(([name, value]) => `${name!.padEnd(10)} ${value}`).join('\n')
  if (status.models.length === 0) return head
  const models = status.models.map(model => [
    model.name,
    shortId(model.model),
    formatBytes(model.bytes),
    model.loaded ? 'loaded' : 'on disk',
    model.p50Ms === null ? '–' : `${model.p50Ms.toFixed(1)} ms`,
  ])
  return `${head}\n\n${table([['MODEL', 'CID', 'SIZE', 'STATE', 'MEDIAN RUN'], ...models])}`
}
