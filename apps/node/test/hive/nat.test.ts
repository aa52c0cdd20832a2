import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { createNatRig, type NatRig, natRigUnavailable } from '@neurovoyance/testing/nat'
import { afterAll, describe, expect, it } from 'vitest'
import { folder, NV, saveModel } from './fixture.js'
import { requestInside } from './inside.js'

const unavailable = natRigUnavailable()

describe('two nodes behind two NATs, and a bootstrap outside', () => {
  let rig: NatRig | undefined
  const nodes: NodeProcess[] = []

  afterAll(async () => {
    await Promise.all(nodes.map(node => node.kill()))
    rig?.close()
  })

  it(`they meet by relay, connect directly and run an inference (skipped where: ${unavailable ?? 'nothing is missing'})`, async context => {
    if (unavailable !== undefined) return context.skip(unavailable)
    rig = await createNatRig()
    const home = await folder('nat')
    const start = async (
      name: 'outside' | 'left' | 'right',
      command: 'start' | 'bootstrap',
      bootstrap: readonly string[],
    ) => {
      const machine = rig![name]
      const path = join(home, name)
      await mkdir(path)
      const settings = {
        listen: { host: '0.0.0.0', tcp: 4100, ws: null },
        mdns: false,
        gateway: { host: '127.0.0.1', port: 0 },
        hosting: { auto: false },
      }
      await writeFile(join(path, 'config.jsonc'), JSON.stringify(settings))
      const node = await startNode({
        nv: NV,
        command,
        home: path,
        bootstrap,
        args: [],
        under: ['ip', 'netns', 'exec', machine.name],
      })
      nodes.push(node)
      return node
    }

    const bootstrap = await start('outside', 'bootstrap', [])
    const address = bootstrap.addresses.find(
      each => each.includes(rig!.outside.address) && each.includes('/tcp/'),
    )!
    const [left, right] = [await start('left', 'start', [address]), await start('right', 'start', [address])]
    const added = await requestInside(rig.left.name, left, '/nv/v1/models', {
      source: { kind: 'path', path: await saveModel(add()) },
    })
    const { model } = (JSON.parse(added.trim().split('\n').at(-1)!) as { result: { model: string } }).result

    const peer = await untilDirect(rig.right.name, right, left.peerId)
    expect(peer).toMatchObject({ relayed: false, transport: expect.stringMatching(/^webrtc/) })
    const answer = await ask<{ outputs: { data: number[] }[] }>(
      rig.right.name,
      right,
      `/v2/models/${model}/infer`,
      {
        inputs: ['a', 'b'].map(name => ({ name, shape: [3], datatype: 'FP32', data: [1, 2, 3] })),
      },
    )
    expect(answer.outputs[0]!.data).toEqual([2, 4, 6])
  }, 180_000)
})

interface Peer {
  peerId: string
  transport: string
  relayed: boolean
}

/** Waits until a node is connected to another one without a relay between. */
async function untilDirect(namespace: string, node: NodeProcess, peerId: string): Promise<Peer> {
  for (;;) {
    const peers = await ask<Peer[]>(namespace, node, '/nv/v1/peers')
    const peer = peers.find(each => each.peerId === peerId)
    if (peer !== undefined && !peer.relayed) return peer
  }
}

async function ask<T>(namespace: string, node: NodeProcess, path: string, body?: object): Promise<T> {
  return JSON.parse(await requestInside(namespace, node, path, body)) as T
}
