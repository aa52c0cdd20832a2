import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@neurovoyance/client'
import { addModel, type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, NV, saveModel, untilHosted } from './fixture.js'

describe('a private swarm', () => {
  const swarmKey = randomBytes(32).toString('hex')
  const running: NodeProcess[] = []
  let bootstrap: readonly string[]
  let model: string

  beforeAll(async () => {
    const homes = await folder('swarm')
    const start = async (command: 'start' | 'bootstrap', addresses: readonly string[]) => {
      const home = join(homes, command)
      await mkdir(home)
      await writeFile(join(home, 'swarm.key'), swarmKey, { mode: 0o600 })
      await writeFile(join(home, 'config.jsonc'), JSON.stringify({ swarmKeyFile: join(home, 'swarm.key') }))
      const node = await startNode({ nv: NV, command, home, bootstrap: addresses })
      running.push(node)
      return node
    }
    bootstrap = (await start('bootstrap', [])).addresses
    const node = await start('start', bootstrap)
    model = (await addModel(node, { kind: 'path', path: await saveModel(add()) })).model
  })

  afterAll(() => Promise.all(running.map(node => node.stop())))

  it('a client with the key runs an inference', async () => {
    await using client = await createClient({ bootstrap, swarmKey })
    await untilHosted(client, model, 1)
    const { outputs } = await client.infer({ model, inputs: add().inputs })
    expect(outputs.sum).toEqual(add().outputs!.sum)
  })

  it.for([
    { who: 'without a key', key: {} },
    { who: 'with another key', key: { swarmKey: randomBytes(32).toString('hex') } },
  ])('a stranger $who gets nothing, and is told', async ({ key }) => {
    const stranger = createClient({ bootstrap, ...key, connectTimeoutMs: 5_000 })
    await expect(stranger).rejects.toMatchObject({
      code: 'CLIENT_NO_NETWORK',
      message: expect.stringMatching(/swarm/),
    })
  })
})
