import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Header, LightBlock, NeurovoyanceError } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { startSnapshots, stateSync } from '../../src/chain/snapshots/index.js'
import { decodeRotation, encodeRotation, ROTATION_FILE } from '../../src/chain/snapshots/rotation.js'
import { blockIdFrom, idOf, zip215 } from '../../src/index.js'
import { anchorFromGenesis } from '../../src/light/index.js'
import { nativeVerifier } from '../../src/node/index.js'
import { folder } from '../store/folder.js'
import { ForgedChain, genesisOf, machineOf, START_MS } from './forged-chain.js'
import { callTo, folderArtifacts, type Peer } from './peers.js'

const CHAIN = 'sync-1'
const genesis = genesisOf(CHAIN)
const rules = {
  chainId: CHAIN,
  trustingPeriodMs: 7 * 24 * 3_600_000,
  clockDriftMs: 10_000,
  verify: zip215(nativeVerifier()),
}

let root: string
let chain: ForgedChain
let artifacts: ReturnType<typeof folderArtifacts>
beforeEach(() => {
  root = folder()
  artifacts = folderArtifacts(join(root, 'artifacts'))
})

/** A chain of so many blocks with a snapshot after every fifth. */
async function grown(blocks: number): Promise<Peer> {
  chain = await ForgedChain.open(join(root, 'old'), genesis)
  const snapshots = await startSnapshots({
    store: chain.store,
    dir: join(root, 'snapshots'),
    artifacts,
    everyBlocks: 5,
  })
  for (let block = 0; block < blocks; block++) {
    await chain.grow(1)
    snapshots.applied(chain.height)
    await snapshots.settled()
  }
  return { chain, snapshots: snapshots.list }
}

const sync = (peers: Record<string, Peer>, dir = join(root, 'new')) =>
  stateSync({
    dir,
    genesis,
    anchor: anchorFromGenesis(genesis, machineOf(CHAIN)),
    rules,
    peers: Object.keys(peers),
    call: callTo(peers),
    artifacts,
    now: () => START_MS + 3_600_000,
  })

/** A light block of another block, with a commit that nobody signed. */
function unsigned(honest: Uint8Array): Uint8Array {
  const block = LightBlock.decode(honest)
  const partsRoot = new Uint8Array(32).fill(9)
  const id = blockIdFrom(Header.encode(block.header!), block.parts, partsRoot)
  return LightBlock.encode({ ...block, partsRoot, commit: { ...block.commit!, block: id, signatures: [] } })
}

function claimedFork(): never {
  throw new NeurovoyanceError('LEDGER_LIGHT_FORK', 'believe me')
}

describe('snapshots', () => {
  it('are made after every so many blocks; the last two are kept, also over a restart', async () => {
    const { snapshots } = await grown(17)
    expect(snapshots().map(({ height }) => height)).toEqual([15, 10])
    expect(snapshots().every(({ cid }) => artifacts.has(cid))).toBe(true)
    const again = await startSnapshots({
      store: chain.store,
      dir: join(root, 'snapshots'),
      artifacts,
      everyBlocks: 5,
    })
    expect(again.list()).toEqual(snapshots())
    await chain.close()
  })

  it('of one height have one CID, whoever makes them', async () => {
    const { snapshots } = await grown(6)
    const others = folderArtifacts(join(root, 'others'))
    const synced = await sync({ a: { chain, snapshots } })
    const second = await ForgedChain.open(join(root, 'new'), genesis)
    const made = await startSnapshots({
      store: second.store,
      dir: join(root, 'made'),
      artifacts: others,
      everyBlocks: 5,
    })
    made.applied(5)
    await made.settled()
    expect(made.list()[0]!.cid).toBe(synced.cid)
    await second.close()
    await chain.close()
  })
})

describe('state sync', () => {
  it('begins a node where the chain is, and it goes on as all others do', async () => {
    const peer = await grown(13)
    const synced = await sync({ a: peer, b: peer })
    expect(synced.height).toBe(10)
    const young = await ForgedChain.open(join(root, 'new'), genesis)
    expect(young.height).toBe(10)
    expect(young.chain.beginning.nextValidators).not.toEqual(young.chain.beginning.validators)
    // the same blocks again: the same ids, so the same proposers, commits, roots and receipts
    await young.grow(3)
    expect(idOf(young.chain.head.blockId)).toBe(idOf(chain.chain.head.blockId))
    expect(young.chain.beginning).toEqual(chain.chain.beginning)
    expect(young.store.state.root()).toEqual(chain.store.state.root())
    await young.close()
    await chain.close()
  })

  it('takes another snapshot where the newest is not what it says', async () => {
    const peer = await grown(12)
    const [newest, older] = peer.snapshots()
    const { path } = await artifacts.fetch(newest!.cid)
    const chunk = await readFile(join(path, '000000'))
    chunk[chunk.length >> 1]! ^= 1
    await writeFile(join(path, '000000'), chunk)
    expect(await sync({ a: peer })).toMatchObject({ height: older!.height, cid: older!.cid })
    await chain.close()
  })

  it('refuses a state that the chain never had', async () => {
    const peer = await grown(7)
    const other = await ForgedChain.open(join(root, 'other'), genesis)
    await other.grow(7, 2)
    const lies = await startSnapshots({
      store: other.store,
      dir: join(root, 'lies'),
      artifacts,
      everyBlocks: 7,
    })
    lies.applied(7)
    await lies.settled()
    const offered = lies.list().map(snapshot => ({ ...snapshot, height: 5 }))
    await expect(sync({ a: { chain, snapshots: () => offered } })).rejects.toMatchObject({
      code: 'LEDGER_SYNC_NO_SNAPSHOT',
    })
    // and the folder is good for one that holds
    expect((await sync({ a: peer })).height).toBe(5)
    await other.close()
    await chain.close()
  })

  it('finds out a rotation of proposers that is another', async () => {
    const peer = await grown(12)
    const { path } = await artifacts.fetch(peer.snapshots()[0]!.cid)
    const file = join(path, ROTATION_FILE)
    const rotation = decodeRotation(await readFile(file))
    const turned = rotation.validators.validators.map(({ priority }) => priority)
    const [first, ...others] = rotation.validators.validators
    const shifted = [...others, first!].map((_, index) => ({
      ...rotation.validators.validators[index]!,
      priority: turned[(index + 1) % turned.length]!,
    }))
    const validators = { ...rotation.validators, validators: shifted }
    await writeFile(file, encodeRotation({ ...rotation, validators }))
    // the older one is whole
    expect((await sync({ a: peer })).height).toBe(5)
    await chain.close()
  })

  it('says that nobody has a snapshot', async () => {
    const peer = await grown(3)
    await expect(sync({ a: peer })).rejects.toMatchObject({
      code: 'LEDGER_SYNC_NO_SNAPSHOT',
      details: { reasons: [] },
    })
    await chain.close()
  })

  it.each([
    ['another block that nobody signed', unsigned],
    ['the code of a fork', claimedFork],
  ])('goes on with another peer where one shows %s', async (_, lightBlock) => {
    const peer = await grown(7)
    const liar: Peer = { ...peer, lightBlock }
    const forkAfter = (height: number) => (honest: Uint8Array) =>
      LightBlock.decode(honest).header!.height > height ? lightBlock(honest) : honest
    expect((await sync({ liar, honest: peer })).height).toBe(5)
    const later: Peer = { ...peer, lightBlock: forkAfter(6) }
    expect((await sync({ later, honest: peer }, join(root, 'another'))).height).toBe(5)
    await chain.close()
  })

  it('stops where two peers show chains that both hold', async () => {
    const peer = await grown(7)
    const fork = await ForgedChain.open(join(root, 'fork'), genesis)
    await fork.grow(7, 3)
    await expect(sync({ a: peer, b: { chain: fork, snapshots: () => [] } })).rejects.toMatchObject({
      code: 'LEDGER_LIGHT_FORK',
    })
    await fork.close()
    await chain.close()
  })
})
