import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  artifacts,
  client,
  createNode,
  executor,
  inference,
  market,
  models,
  network,
  offers,
  parseConfig,
} from '@neurovoyance/node'
import { type Scene, warmUp } from './_scene.ts'

/** A node like the scene's in this process, as warm as that, that runs the model for itself. */
export async function openOwnNode({ dir, model, inputs }: Pick<Scene, 'dir' | 'model' | 'inputs'>) {
  const home = await mkdtemp(join(tmpdir(), 'bench-own-'))
  const listen = { host: '127.0.0.1', tcp: 0, ws: null }
  const config = parseConfig({ listen, mdns: false, nat: false })
  const node = await createNode({
    services: {
      network: network({ role: 'peer', home, config }),
      client: client(),
      artifacts: artifacts({ dir: join(home, 'artifacts') }),
      models: models({ home }),
      executor: executor({ config: config.runtime }),
      inference: inference(),
      market: market(),
      offers: offers({ region: '' }),
    },
  })
  const addModel = (path: string) => node.services.models.add({ kind: 'path', path })
  await warmUp({ addModel }, node.services.client)
  await addModel(dir)
  const infer = () => node.services.client.infer({ model, inputs })
  await infer()
  return {
    infer,
    async close() {
      await node.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
