import { join } from 'node:path'
import { openChainReader } from '@neurovoyance/client/chain'
import { createTeller } from '@neurovoyance/client/pay'
import { actions } from '@neurovoyance/ledger'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { createPeerHost } from '@neurovoyance/p2p/node'
import { ChainService } from '@neurovoyance/protocol'
import { startNode } from '@neurovoyance/testing/hive'
import { expect, it } from 'vitest'
import { readGenesis } from '../../src/chain/read-genesis.js'
import { setConfig } from '../../src/config/file.js'
import { openUnattended, prepareHiveChain } from '../../src/hive/index.js'
import { folder, NV } from '../hive/fixture.js'

it('a bootstrap that keeps a chain makes snapshots, which newcomers fetch from it', async () => {
  const home = await folder('bootstrap-snapshots')
  const chain = await prepareHiveChain(home, ['bootstrap'])
  const genesis = await readGenesis(chain.genesis)
  const config = join(home, 'bootstrap', 'config.jsonc')
  await setConfig(config, 'chain.snapshotBlocks', 10)
  await setConfig(config, 'chain.commitMs', 0)
  const node = await startNode({
    nv: NV,
    command: 'bootstrap',
    home: join(home, 'bootstrap'),
    args: ['--loopback', '--genesis', chain.genesis, '--validator'],
  })
  const host = await createPeerHost({ listen: { host: '127.0.0.1' }, bootstrap: node.addresses, mdns: false })
  try {
    await host.connect(node.addresses[0]!)
    const access = await openChainReader({ host, genesis })
    const wallet = (await openUnattended(chain.client.wallet))!
    const teller = createTeller(access, wallet)
    const snapshots = async () =>
      (await host.rpc.call(node.peerId, ChainService, 'Snapshots', { body: {} })).body.snapshots
    // two blocks for each payment; a snapshot is made beside the blocks after the tenth
    for (let height = 0; height < 10 || (await snapshots()).length === 0; )
      height = (await teller.send([actions.transfer(wallet.address, 1n)])).height
    const [newest] = await snapshots()
    expect(newest!.height % 10).toBe(0)
    const artifacts = await createArtifacts({ host, dir: join(home, 'fetched') })
    const { bytes } = await artifacts.fetch(newest!.cid, { providers: [node.peerId] })
    await artifacts.close()
    expect(bytes).toBe(newest!.bytes)
  } finally {
    await host.close()
    await node.stop()
  }
})
