import type { HiveNode } from '@neurovoyance/node/hive'
import { DETECTION } from './bundle.js'
import type { HiveSight, Link } from './hive-sight.js'
import type { Job } from './read-pages.js'

const BOX = { width: 232, height: 106 }
const GAP = 34
const MARGIN = 28
const TOP_ROW = 62
const BOTTOM_ROW = 290
const HEIGHT = 486

interface Place {
  readonly x: number
  readonly y: number
}

/** A picture of a hive that has done its job: its processes, their connections, and the runs each node made. */
export function drawHive({ nodes, links }: HiveSight, jobs: readonly Job[]): string {
  const peers = nodes.filter(({ role }) => role === 'peer')
  const width = 2 * MARGIN + peers.length * (BOX.width + GAP) - GAP
  const column = (index: number, count: number) => ((index + 0.5) * width) / count - BOX.width / 2
  const places = new Map<string, Place>([
    [CLIENT, { x: column(0, 2), y: TOP_ROW }],
    ...nodes
      .filter(({ role }) => role === 'bootstrap')
      .map(({ peerId }) => [peerId, { x: column(1, 2), y: TOP_ROW }] as const),
    ...peers.map(
      ({ peerId }, index) => [peerId, { x: MARGIN + index * (BOX.width + GAP), y: BOTTOM_ROW }] as const,
    ),
  ])
  const at = (peerId: string) => places.get(peerId) ?? places.get(CLIENT)!
  const runs = (peerId: string) => jobs.filter(({ node }) => node === peerId)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${width}" height="${HEIGHT}" rx="10" fill="#fbfcfe"/>`,
    text(
      MARGIN,
      34,
      `${nodes.length + 1} processes, ${links.length} connections, ${jobs.length} runs`,
      'font-size="16" font-weight="600"',
    ),
    ...links.map(link => connection(link, at)),
    ...peers.map(({ peerId }) => work(at(CLIENT), at(peerId), runs(peerId).length, jobs.length)),
    box(at(CLIENT), '#fff7e6', [
      'client',
      'knows the bootstrap’s address only',
      'chooses a node for every run',
    ]),
    ...nodes.map(node =>
      box(at(node.peerId), node.role === 'peer' ? '#eaf1ff' : '#eefaf0', linesOf(node, runs(node.peerId))),
    ),
    '</svg>',
    '',
  ].join('\n')
}

const CLIENT = 'client'

function linesOf({ name, pid, peerId, addresses, role, models }: HiveNode, runs: readonly Job[]): string[] {
  const port = (suffix: string) =>
    addresses.find(address => address.endsWith(`${suffix}/p2p/${peerId}`))?.split('/')[4]
  const head = [name, `process ${pid}`, `${peerId.slice(0, 8)}…${peerId.slice(-6)}, tcp ${port('') ?? '–'}`]
  if (role === 'bootstrap') return [...head, 'introduces peers, relays']
  const pieces = runs.filter(({ kind }) => kind === DETECTION).length
  return [
    ...head,
    ...models.map(model => `hosts ${model.name} (${(model.bytes / 1e6).toFixed(1)} MB)`),
    `searched ${pieces} pieces, read ${runs.length - pieces} lines`,
  ]
}

function box({ x, y }: Place, fill: string, [title = '', ...lines]: readonly string[]): string {
  return [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8" fill="${fill}" stroke="#3b4a66"/>`,
    text(x + 12, y + 22, title, 'font-weight="600"'),
    ...lines.map((line, index) => text(x + 12, y + 41 + 18 * index, line, 'fill="#33415c" font-size="12"')),
  ].join('')
}

/** Neighbours in the bottom row are joined below it, all others straight. */
function connection({ from, to, transport }: Link, at: (peerId: string) => Place): string {
  const [a, b] = [middle(at(from)), middle(at(to))]
  const below = a.y === b.y && a.y > BOTTOM_ROW
  const depth = BOTTOM_ROW + BOX.height + 24 + Math.abs(a.x - b.x) / 8
  const path = below
    ? `M${a.x} ${a.y} C${a.x} ${depth} ${b.x} ${depth} ${b.x} ${b.y}`
    : `M${a.x} ${a.y} L${b.x} ${b.y}`
  return `<path d="${path}" fill="none" stroke="#a3afc4" stroke-dasharray="4 4"><title>${escaped(transport)}</title></path>`
}

/** The thicker, the more runs. */
function work(client: Place, node: Place, runs: number, all: number): string {
  const [a, b] = [middle(client), middle(node)]
  const share = runs / Math.max(1, all)
  const label = { x: a.x + 0.62 * (b.x - a.x) + 10, y: a.y + 0.62 * (b.y - a.y) }
  return [
    `<path d="M${a.x} ${a.y} L${b.x} ${b.y}" stroke="#2563eb" stroke-opacity=".55" stroke-width="${(2 + 10 * share).toFixed(1)}"/>`,
    text(
      label.x,
      label.y,
      `${runs} runs`,
      'fill="#1d4ed8" font-weight="600" paint-order="stroke" stroke="#fbfcfe" stroke-width="4"',
    ),
  ].join('')
}

function middle({ x, y }: Place): Place {
  return { x: x + BOX.width / 2, y: y + BOX.height / 2 }
}

function text(x: number, y: number, content: string, style: string): string {
  return `<text x="${x}" y="${y}" ${style}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
