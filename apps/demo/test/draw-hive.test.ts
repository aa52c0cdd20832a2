import { expect, it } from 'vitest'
import { drawHive } from '../src/draw-hive.js'
import type { HiveSight } from '../src/hive-sight.js'

const node = (name: string, role: 'peer' | 'bootstrap', pid: number) => ({
  name,
  role,
  pid,
  peerId: `12D3KooW${name.padEnd(44, 'x')}`,
  version: '0.1.0',
  home: `/tmp/${name}`,
  uptimeMs: 1,
  ready: true,
  addresses: [`/ip4/127.0.0.1/tcp/${4000 + pid}/p2p/12D3KooW${name.padEnd(44, 'x')}`],
  peers: 2,
  clockAheadMs: null,
  payments: null,
  models: role === 'peer' ? [{ model: 'bafy', name: 'a < b', bytes: 15e6, loaded: true, p50Ms: 1 }] : [],
  runtime: null,
  gateway: { url: 'http://127.0.0.1:1', token: 'secret-token' },
})

const nodes = [node('bootstrap', 'bootstrap', 1), node('node-1', 'peer', 2), node('node-2', 'peer', 3)]
const sight: HiveSight = {
  nodes,
  links: [
    { from: nodes[0]!.peerId, to: nodes[1]!.peerId, transport: 'tcp' },
    { from: nodes[1]!.peerId, to: '12D3KooWsomebodyelse', transport: 'ws' },
  ],
}

it('shows every process, its work and nothing secret', () => {
  const job = {
    kind: 'recognition',
    model: 'bafy/recognition',
    node: nodes[2]!.peerId,
    latencyMs: 9,
  } as const
  const svg = drawHive(sight, [job, job])
  for (const { name, pid } of nodes) {
    expect(svg).toContain(`>${name}</text>`)
    expect(svg).toContain(`process ${pid}<`)
  }
  expect(svg).toContain('4 processes, 2 connections, 2 runs')
  expect(svg).toContain('searched 0 pieces, read 2 lines')
  expect(svg).toContain('tcp 4003')
  expect(svg).toContain('hosts a &lt; b (15.0 MB)')
  expect(svg).not.toContain('secret-token')
  expect(svg.match(/<path/g)).toHaveLength(sight.links.length + 2)
})
