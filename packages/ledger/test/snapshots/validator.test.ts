import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { actions, zip215 } from '../../src/index.js'
import { anchorFromGenesis } from '../../src/light/index.js'
import { type Chain, nativeVerifier, stateSync } from '../../src/node/index.js'
import {
  alice,
  bob,
  genesisOf,
  keyOf,
  QUICK,
  reached,
  transactionOf,
  validators,
  Workplace,
} from '../chain/local-chain.js'
import { connectChains } from '../chain/network.js'
import { CHAIN } from '../machine/chain.js'
import { folderArtifacts } from './peers.js'

const names = ['a', 'b', 'c', 'd']
const genesis = genesisOf(4)
let place: Workplace
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

it('a validator that was never there begins with a snapshot, and decides with the others', async () => {
  const network = connectChains({ ids: names })
  const artifacts = folderArtifacts(path.join(await place.folder(), 'artifacts'))
  // whoever is not there does not propose: the others wait for him in every fourth block
  const settings = { ...QUICK, proposeMs: 400, snapshotBlocks: 4 }
  const open = (index: number, dir: string): Promise<Chain> =>
    place.open({
      dir,
      genesis,
      settings,
      artifacts,
      network: network.node(names[index]!),
      validator: keyOf(validators[index]!),
    })
  const [a, b, c] = await Promise.all([0, 1, 2].map(async index => open(index, await place.folder())))
  const pay = async (chain: Chain): Promise<void> => {
    const { id, bytes } = await transactionOf(chain, alice, [actions.transfer(bob.address, 1n)])
    await chain.submit(bytes)
    await chain.settled(id)
  }
  const { call } = network.node('d')
  const snapshots = async () => (await call('a', 'Snapshots', { body: {} })).body.snapshots
  while ((await snapshots()).length === 0) await pay(a!)
  // the header after it has its root
  await reached(a!, (await snapshots())[0]!.height + 1)

  const dir = await place.folder()
  const synced = await stateSync({
    dir,
    genesis,
    anchor: anchorFromGenesis(genesis),
    rules: {
      chainId: CHAIN,
      trustingPeriodMs: 24 * 3_600_000,
      clockDriftMs: 10_000,
      verify: zip215(nativeVerifier()),
    },
    peers: ['a', 'b', 'c'],
    call,
    artifacts,
  })
  const d = await open(3, dir)
  expect(d.head().height).toBeGreaterThanOrEqual(synced.height)
  expect(d.block(1)).toBeUndefined()
  await reached(d, a!.head().height)

  // without the first of them, there is no quorum but with the new one
  await a!.close()
  await pay(b!)
  const { height } = b!.head()
  await Promise.all([reached(c!, height), reached(d, height)])
  expect(d.block(height)?.stateRoot).toEqual(b!.block(height)?.stateRoot)
})
