import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { chainFolder } from '../../src/chain/folder.js'
import { exportChain, importChain, pruneChain, rollbackChain } from '../../src/chain/snapshots/index.js'
import { checkGenesis, Draft, genesisHash, idOf, signGenesis, supplyOf } from '../../src/index.js'
import { anchorFromGenesis } from '../../src/light/index.js'
import { openLedgerStore } from '../../src/node/index.js'
import { folder } from '../store/folder.js'
import { client, ForgedChain, genesisOf, machineOf } from './forged-chain.js'

const OLD = 'old-1'
const NEW = 'new-1'
let root: string
let dir: string
beforeEach(() => {
  root = folder()
  dir = join(root, 'old')
})

async function valuesOf(store: Awaited<ReturnType<typeof openLedgerStore>>): Promise<Map<string, string>> {
  const snapshot = await store.state.snapshot()
  const values = new Map<string, string>()
  for await (const [key, value] of snapshot.entries()) values.set(key, idOf(value))
  await snapshot.close()
  return values
}

async function ended(blocks: number): Promise<Map<string, string>> {
  const chain = await ForgedChain.open(dir, genesisOf(OLD))
  await chain.grow(blocks)
  const values = await valuesOf(chain.store)
  await chain.close()
  return values
}

describe('a chain that goes on as another', () => {
  it('has the same state but for what was in heights, and makes blocks', async () => {
    const before = await ended(9)
    const out = join(root, 'out')
    const document = await exportChain({ dir, chainId: OLD, newChainId: NEW, out })
    expect(document.state).toMatchObject({ chainId: OLD, height: 9 })
    await importChain({ dir: join(root, 'new'), from: out, machine: machineOf })
    const chain = await ForgedChain.open(join(root, 'new'), document)
    expect(chain.height).toBe(0)
    const after = await valuesOf(chain.store)
    const differ = new Set(
      [...before, ...after].filter(([key]) => before.get(key) !== after.get(key)).map(([key]) => key),
    )
    expect(
      [...differ].every(key => key.startsWith('staking/elections') || key.startsWith('staking/sets')),
    ).toBe(true)
    expect(supplyOf(new Draft(chain.store.state)).genesis).toBeGreaterThan(0n)
    expect(anchorFromGenesis(document).nextValidators).toEqual(chain.chain.head.validators)
    await chain.grow(4)
    expect(chain.height).toBe(4)
    await chain.close()
  })

  it('begins with a document that people can sign, and with no other state than it names', async () => {
    await ended(5)
    const out = join(root, 'out')
    const document = await exportChain({ dir, chainId: OLD, newChainId: NEW, out })
    const report = checkGenesis(machineOf(NEW), await signGenesis(document, client.signer))
    expect(report.hash).toEqual(genesisHash(document))
    expect(report.missing).toHaveLength(4)
    const other = { ...document, state: { ...document.state!, root: '00'.repeat(32) } }
    const into = { dir: join(root, 'new'), from: out, machine: machineOf }
    await expect(importChain({ ...into, genesis: other })).rejects.toMatchObject({
      code: 'LEDGER_SNAPSHOT_INVALID',
    })
    const strangers = { ...document, state: { ...document.state!, validators: [] } }
    await expect(importChain({ ...into, genesis: strangers })).rejects.toMatchObject({
      code: 'LEDGER_BAD_GENESIS',
    })
    await expect(importChain(into)).resolves.toEqual(document)
    await expect(importChain(into)).rejects.toMatchObject({ code: 'LEDGER_STORE_NOT_EMPTY' })
  })

  it('needs a name of its own', async () => {
    await ended(1)
    await expect(
      exportChain({ dir, chainId: OLD, newChainId: OLD, out: join(root, 'out') }),
    ).rejects.toMatchObject({
      code: 'LEDGER_BAD_GENESIS',
    })
  })
})

describe('a block that is taken back', () => {
  it('is applied again as the node starts, and leads to the same', async () => {
    const before = await ended(6)
    expect(await rollbackChain({ dir })).toBe(5)
    const chain = await ForgedChain.open(dir, genesisOf(OLD))
    expect(chain.height).toBe(6)
    expect(await valuesOf(chain.store)).toEqual(before)
    await chain.grow(2)
    await chain.close()
  })

  it('goes with its transactions where that is asked for, and may come again', async () => {
    await ended(6)
    expect(await rollbackChain({ dir, withBlock: true })).toBe(5)
    const chain = await ForgedChain.open(dir, genesisOf(OLD))
    expect(chain.height).toBe(5)
    expect(chain.store.blocks.last).toBe(5)
    await chain.grow(1)
    expect(chain.height).toBe(6)
    await chain.close()
  })

  it('is not there before the first block, or while a node runs', async () => {
    await (await ForgedChain.open(dir, genesisOf(OLD))).close()
    await expect(rollbackChain({ dir })).rejects.toMatchObject({ code: 'LEDGER_CHAIN_INCOMPLETE' })
    const store = await openLedgerStore({ dir: chainFolder(dir).store })
    await expect(rollbackChain({ dir })).rejects.toMatchObject({ code: 'LEDGER_STORE_IN_USE' })
    await store.close()
  })
})

describe('an archive that is pruned', () => {
  it('keeps its state and its newest blocks, and goes on', async () => {
    const before = await ended(12)
    expect(await pruneChain(dir, 3)).toBe(10)
    const chain = await ForgedChain.open(dir, genesisOf(OLD))
    expect(await valuesOf(chain.store)).toEqual(before)
    expect(chain.store.blocks.block(9)).toBeUndefined()
    await chain.grow(1)
    await chain.close()
  })
})
