/**
 * A node of one's own: the parts of the reference node that are wanted, and one that is new. This one has no
 * gateway and no metrics, hosts only what it is given, and tells of every model that comes or goes.
 */
import { mkdtemp } from 'node:fs/promises'
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
  type ServiceFactory,
} from '@neurovoyance/node'
import type { Host } from '@neurovoyance/p2p'
import { check } from './check.ts'

/** The new part: says who came. It needs the network and nothing else. */
const doorbell: ServiceFactory<{ network: Host }, { close(): void }> = ({ network }) => ({
  close: network.onPeer(({ type, peerId }) =>
    console.log(`${peerId} ${type === 'connect' ? 'came' : 'went'}`),
  ),
})

const home = await mkdtemp(join(tmpdir(), 'custom-node-'))
const config = parseConfig({
  listen: { host: '127.0.0.1', tcp: 0, ws: null },
  mdns: false,
  nat: false,
  bootstrap: process.argv.slice(2).filter(word => word.startsWith('/')),
})

await using node = await createNode({
  services: {
    network: network({ role: 'peer', home, config }),
    doorbell,
    client: client(),
    artifacts: artifacts({ dir: join(home, 'artifacts') }),
    models: models({ home }),
    executor: executor({ config: config.runtime }),
    inference: inference(),
    market: market(),
    offers: offers({ region: 'my-desk' }),
  },
})

console.log(node.services.network.addresses().join('\n'))
if (process.argv.includes('--check')) await check(node.services)
else await new Promise(resolve => process.once('SIGINT', resolve))
