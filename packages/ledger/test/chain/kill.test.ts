import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Block } from '@neurovoyance/protocol'
import { createSeededRandom } from '@neurovoyance/testing/network'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import {
  applyBlock,
  createNetworkLedger,
  createStateTree,
  genesisState,
  idOf,
  openBlock,
} from '../../src/index.js'
import { type Chain, nativeVerifier, openLedgerStore } from '../../src/node/index.js'
import { CHAIN } from '../machine/chain.js'
import { alice, bob, genesisOf, keyOf, liquidOf, validators, Workplace } from './local-chain.js'

const PAYER = fileURLToPath(new URL('processes/payer.ts', import.meta.url))
const KILLS = 8

let place: Workplace
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

/** What a process told before it was killed. */
interface Told {
  /** Id and root by height. */
  readonly blocks: Map<number, string>
  /** Height by id of a transaction. */
  readonly paid: Map<string, number>
}

/** Runs the process until it has printed so many lines, and kills it so many milliseconds later. */
async function runAndKill(
  args: readonly string[],
  lines: number,
  afterMs: number,
  told: Told,
): Promise<void> {
  const child = spawn(process.execPath, [PAYER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [event, name = '', ...rest] = line.split(' ')
    if (event === 'block') told.blocks.set(Number(name), rest.join(' '))
    if (event === 'paid') told.paid.set(name, Number(rest[0]))
    if (++seen === lines) setTimeout(() => child.kill('SIGKILL'), afterMs)
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
}

/** Applies every block again from the genesis: the roots are those that the chain says. */
async function expectReplay(dir: string, genesis: ReturnType<typeof genesisOf>, chain: Chain): Promise<void> {
  const blocks = Array.from({ length: chain.head().height }, (_, index) => chain.block(index + 1)!)
  await chain.close()
  const store = await openLedgerStore({ dir: path.join(dir, 'store') })
  const verify = nativeVerifier()
  const machine = createNetworkLedger({ chainId: CHAIN, verify })
  const tree = createStateTree()
  const values = new Map<string, Uint8Array>()
  let previousTimeMs = genesis.timeMs
  const take = (changes: ReadonlyMap<string, Uint8Array | undefined>): void => {
    tree.apply(changes)
    for (const [key, value] of changes) value === undefined ? values.delete(key) : values.set(key, value)
  }
  take(genesisState(machine, genesis).changes)
  for (const { height, stateRoot } of blocks) {
    const { block } = store.blocks.block(height)!
    const { header, transactions, evidence } = openBlock(block, { chainId: CHAIN, verify })
    expect(Block.decode(block).header?.stateRoot).toEqual(tree.root().slice())
    const view = { get: (key: string) => values.get(key) }
    take(applyBlock(machine, view, { ...header, previousTimeMs, transactions, evidence }).changes)
    expect(tree.root()).toEqual(stateRoot)
    previousTimeMs = header.timeMs
  }
  await store.close()
}

it(`a chain that is killed ${KILLS} times at any moment loses no transaction that it told of`, async () => {
  const dir = await place.folder()
  const genesis = genesisOf(1)
  const file = path.join(await place.folder(), 'start.json')
  const start = {
    genesis,
    validatorSecret: Buffer.from(validators[0]!.secret).toString('hex'),
    payerSecret: Buffer.from(alice.secret).toString('hex'),
    payer: alice.id,
    payee: bob.address,
  }
  await writeFile(file, JSON.stringify(start))
  const random = createSeededRandom('kill a chain')
  const told: Told = { blocks: new Map(), paid: new Map() }
  for (let kill = 0; kill < KILLS; kill++)
    await runAndKill([dir, file], 1 + random.int(20), random.int(12), told)
  const chain = await place.open({ dir, genesis, validator: keyOf(validators[0]!) })
  for (const [height, words] of told.blocks) {
    const { id, stateRoot } = chain.block(height)!
    expect(`${idOf(id)} ${idOf(stateRoot)}`).toBe(words)
  }
  for (const [id, height] of told.paid) {
    const result = await chain.transaction(Buffer.from(id, 'hex'))
    expect(result?.height).toBe(height)
    expect(result?.code).toBeUndefined()
  }
  expect(told.paid.size).toBeGreaterThan(0)
  expect(liquidOf(chain, bob)).toBeGreaterThanOrEqual(BigInt(told.paid.size))
  await expectReplay(dir, genesis, chain)
}, 60_000)
