import { join } from 'node:path'
import { createTeller } from '@neurovoyance/client/pay'
import { walletFromKey } from '@neurovoyance/client/wallet'
import { actions, Draft, idOf, localGenesis, NVY, nodes } from '@neurovoyance/ledger'
import { type Chain, localAccess, openChain } from '@neurovoyance/ledger/node'
import { parseAddress, peerIdFromPublicKey, publicKeyFromPeerId, silentLogger } from '@neurovoyance/protocol'
import { type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindNode } from '../../src/chain/bind-node.js'
import { setConfig } from '../../src/config/file.js'
import { chainClient, openUnattended, prepareHiveChain } from '../../src/hive/index.js'
import { nv } from '../cli/nv.js'
import { folder, NV } from '../hive/fixture.js'

const walletOf = (seed: number) => walletFromKey(new Uint8Array(32).fill(seed))

describe('a node of a hive', () => {
  let node: NodeProcess
  afterEach(() => node.stop())

  const start = async (home: string, genesis: string) => {
    const args = ['--loopback', '--genesis', genesis, '--validator']
    node = await startNode({ nv: NV, command: 'bootstrap', home: join(home, 'bootstrap'), args })
    return chainClient(node.gateway)
  }

  it('is bound to the wallet in its home by itself, and says so', async () => {
    const home = await folder('ownership')
    const { genesis } = await prepareHiveChain(home, ['bootstrap'])
    const owner = (await openUnattended(join(home, 'bootstrap', 'wallets', 'default.json')))!.address
    const client = await start(home, genesis)
    const key = idOf(publicKeyFromPeerId(node.peerId))
    const stop = new AbortController()
    for await (const { event, data } of client.watch({ kind: 'nodes/bound', after: 0 }, stop.signal)) {
      if (event !== 'event') continue
      expect(data).toMatchObject({ accounts: [owner], fields: { node: key } })
      break
    }
    stop.abort()
    expect((await client.account(owner)).nodes).toEqual([{ node: key, stake: '0', retired: false }])
    expect((await client.account(walletOf(9).address)).nodes).toEqual([])
    for (const proof of [[], ['--prove', '--genesis', genesis]]) {
      const shown = await nv(['chain', 'account', owner, ...proof, '--home', join(home, 'bootstrap')])
      expect(shown.out, shown.err).toMatch(new RegExp(`${node.peerId} +0 NVY +bound to this account`))
    }
  })

  it('is left alone where its settings say so', async () => {
    const home = await folder('ownership-off')
    const { genesis, client: payer } = await prepareHiveChain(home, ['bootstrap'])
    const path = join(home, 'bootstrap', 'config.jsonc')
    await setConfig(path, 'chain.bind', false)
    const client = await start(home, genesis)
    const owner = (await openUnattended(join(home, 'bootstrap', 'wallets', 'default.json')))!.address
    // a payment of somebody else's, after which the node would have sent its own
    const paid = await nv([
      ...['wallet', 'send', owner, '1', '--yes', '--home', join(home, 'bootstrap')],
      ...['--wallet', payer.wallet],
    ])
    expect(paid.code, paid.out + paid.err).toBe(0)
    expect(await client.account(owner)).toMatchObject({ nonce: 0, nodes: [] })
  })
})

describe('binding a node', () => {
  const [validator, rich, owner, network] = [1, 2, 3, 4].map(walletOf) as [
    ReturnType<typeof walletOf>,
    ReturnType<typeof walletOf>,
    ReturnType<typeof walletOf>,
    ReturnType<typeof walletOf>,
  ]
  const key = idOf(network.publicKey)
  const signer = {
    peerId: peerIdFromPublicKey(network.publicKey),
    publicKey: network.publicKey,
    sign: (bytes: Uint8Array) => network.sign(bytes),
  }
  let chain: Chain
  let ending: AbortController
  const recordOf = () => nodes.get(new Draft(chain.state), key)
  const bind = (wallet = owner) =>
    bindNode({ chain, wallet, signer, logger: silentLogger, signal: ending.signal })

  beforeEach(async () => {
    ending = new AbortController()
    const genesis = localGenesis({
      chainId: 'ownership-1',
      timeMs: Date.now() - 1_000,
      validators: [{ consensusKey: validator.publicKey, owner: validator.address }],
      clients: [rich.address],
    })
    chain = await openChain({
      dir: await folder('ownership-chain'),
      genesis,
      validator,
      settings: { commitMs: 5 },
    })
  })
  afterEach(async () => {
    ending.abort()
    await chain.close()
  })

  it('waits until its owner can pay for it, and does it once', async () => {
    const binding = bind()
    const teller = createTeller(localAccess(chain), rich)
    await teller.send([actions.transfer(walletOf(8).address, NVY)])
    expect(recordOf()).toBeUndefined()
    await teller.send([actions.transfer(owner.address, NVY)])
    await binding
    expect(idOf(recordOf()!.owner)).toBe(idOf(parseAddress(owner.address)))
    await bind()
    await bind(rich)
    expect(chain.pool.size).toBe(0)
    const kinds = (await chain.history(idOf(parseAddress(owner.address)), 10)).flatMap(({ events }) =>
      events.map(({ kind }) => kind),
    )
    expect(kinds.filter(kind => kind === 'nodes/bound')).toHaveLength(1)
  })

  it('is given up when the node stops', async () => {
    const binding = bind()
    ending.abort(new Error('the node stops'))
    await expect(binding).rejects.toThrow('the node stops')
  })
})
