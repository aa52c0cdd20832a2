import { join } from 'node:path'
import { type Comet, findComet } from '@neurovoyance/testing/comet'
import { describe, expect, it } from 'vitest'
import { keyAt } from '../../src/abci/application/validators.js'
import { openAbciApplication, PROOF_TYPE } from '../../src/abci/index.js'
import { transfer } from '../../src/actions/accounts.js'
import { parametersOf } from '../../src/core/machine/parameters-record.js'
import { accounts } from '../../src/core/modules/accounts/account.js'
import {
  type Applied,
  applyBlock,
  bytesOf,
  createNetworkLedger,
  createStateTree,
  Draft,
  genesisState,
  idOf,
  ledgerTime,
  openTransaction,
  type StateView,
  verifyProof,
  verifyZip215,
} from '../../src/index.js'
import type { Person } from '../machine/chain.js'
import { cluster, startAll, validatorKey } from './comet/cluster.js'
import { CHAIN, genesisWith, NVY, people, transactionOf } from './world.js'

const binary = await findComet()
const why = 'there is no cometbft here, and no Go to build it with'
const holders = people(6)
const [alice, bob] = holders as [Person, Person]

interface Sent {
  readonly check_tx?: { code?: number; info: string }
  readonly tx_result?: { code?: number; info: string }
  readonly height: string
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Sends a transaction and waits until it is in a block. */
const settle = (comet: Comet, tx: Uint8Array) => comet.call<Sent>('broadcast_tx_commit', { tx: base64(tx) })
/** Sends a transaction and waits until it waits. */
const send = (comet: Comet, tx: Uint8Array) =>
  comet.call<{ code: number; log: string }>('broadcast_tx_sync', { tx: base64(tx) })

interface Block {
  readonly block: {
    readonly header: {
      readonly height: string
      readonly time: string
      readonly app_hash: string
      readonly proposer_address: string
    }
    readonly data: { readonly txs: readonly string[] }
  }
}

const heightOf = async (comet: Comet): Promise<number> => {
  const { sync_info } = await comet.call<{ sync_info: { latest_block_height: string } }>('status')
  return Number(sync_info.latest_block_height)
}

/** Plays CometBFT's decided blocks through the ledger alone and compares the root of every height. */
async function replay(comet: Comet, genesis: ReturnType<typeof genesisWith>): Promise<StateView> {
  const machine = createNetworkLedger({ chainId: CHAIN, accusers: 'engine' })
  const values = new Map<string, Uint8Array>()
  const tree = createStateTree()
  const take = (changes: Applied['changes']): void => {
    tree.apply(changes)
    for (const [key, value] of changes) {
      if (value === undefined) values.delete(key)
      else values.set(key, value)
    }
  }
  const view: StateView = { get: key => values.get(key) }
  take(genesisState(machine, genesis).changes)
  let { timeMs } = genesis
  const last = await heightOf(comet)
  for (let height = 1; height <= last; height++) {
    const { block } = await comet.call<Block>('block', { height: String(height) })
    expect(block.header.app_hash.toLowerCase()).toBe(idOf(tree.root()))
    const draft = new Draft(view)
    const heartbeatMs = parametersOf(machine, draft).of('time/heartbeatMs')
    const now = ledgerTime(Date.parse(block.header.time), timeMs, heartbeatMs)
    const { changes } = applyBlock(machine, view, {
      height,
      timeMs: now,
      previousTimeMs: timeMs,
      proposer: keyAt(draft, height, Buffer.from(block.header.proposer_address, 'hex'))!,
      transactions: block.data.txs.map(tx =>
        openTransaction(new Uint8Array(Buffer.from(tx, 'base64')), { chainId: CHAIN, verify: verifyZip215 }),
      ),
    })
    take(changes)
    timeMs = now
  }
  return view
}

/** A genesis of now: CometBFT's blocks begin with it. */
const genesisOf = (validators: number) =>
  genesisWith(
    Array.from({ length: validators }, (_, index) => validatorKey(index)),
    holders,
    Date.now() - 1000,
  )

describe.skipIf(binary === undefined)(`under a real CometBFT (skipped where ${why})`, () => {
  it('one validator: transactions, proofs, restarts, a kill in the middle of a load, the same roots as the ledger alone', async () => {
    const genesis = genesisOf(1)
    const [member] = await cluster(binary!, genesis, 1)
    const { app, comet } = member!
    await startAll([member!])

    const paid = await settle(comet, await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)]))
    expect([paid.check_tx?.code ?? 0, paid.tx_result?.code ?? 0]).toEqual([0, 0])
    const failed = await settle(
      comet,
      await transactionOf(alice, 1, [transfer(bytesOf(bob.id), 10_000_000n * NVY)]),
    )
    expect(failed.tx_result).toMatchObject({ code: 1, info: 'LEDGER_INSUFFICIENT_FUNDS' })
    const stale = await send(comet, await transactionOf(alice, 1, [transfer(bytesOf(bob.id), 1n)]))
    expect(stale.code).toBe(1)

    // a value, with a proof under the app hash of the next header
    const key = `accounts/${bob.id}`
    const { response } = await comet.call<{
      response: { value: string; height: string; proofOps: { ops: { type: string; data: string }[] } }
    }>('abci_query', { path: '/value', data: Buffer.from(key).toString('hex'), prove: true })
    const next = await blockAfter(comet, Number(response.height))
    const value = new Uint8Array(Buffer.from(response.value, 'base64'))
    const [op] = response.proofOps.ops
    expect(op!.type).toBe(PROOF_TYPE)
    const root = new Uint8Array(Buffer.from(next.block.header.app_hash, 'hex'))
    expect(verifyProof(root, key, value, new Uint8Array(Buffer.from(op!.data, 'base64')))).toBe(true)

    // whoever asks for anything cannot stop it
    const odd = await fetch(`${comet.rpc}/abci_query?path="%ff%fe"&height=-3`)
    expect(odd.status).toBeLessThan(600)

    // CometBFT goes, and comes back to an application that lives
    await comet.stop()
    await comet.start()
    await settle(comet, await transactionOf(bob, 0, [transfer(bytesOf(alice.id), 5n)]))

    // both go; a block more than the application has may be in CometBFT's store
    await comet.stop('SIGKILL')
    await app.stop()
    await startAll([member!])
    await settle(comet, await transactionOf(bob, 1, [transfer(bytesOf(alice.id), 5n)]))

    // the application is killed under load; CometBFT stops without it, and plays again what it lost
    const others = holders.slice(2)
    const load = others.flatMap(from => Array.from({ length: 12 }, (_, nonce) => ({ from, nonce })))
    const txs = await Promise.all(
      load.map(({ from, nonce }) => transactionOf(from, nonce, [transfer(bytesOf(alice.id), 1n)])),
    )
    const sent = Promise.allSettled(txs.map(tx => send(comet, tx)))
    await comet.call('broadcast_tx_commit', {
      tx: base64(await transactionOf(bob, 2, [transfer(bytesOf(alice.id), 1n)])),
    })
    await app.stop('SIGKILL')
    await sent
    await comet.stop('SIGKILL')
    await startAll([member!])
    await settle(comet, await transactionOf(bob, 3, [transfer(bytesOf(alice.id), 1n)]))

    const view = await replay(comet, genesis)
    expect(accounts.get(new Draft(view), bob.id)!.nonce).toBe(4)
    await comet.stop()
    await app.stop()
    const application = await openAbciApplication({ dir: join(member!.dir, 'ledger'), chainId: CHAIN })
    expect(application.head!.height).toBeGreaterThan(5)
    await application.close()
  })

  it('four validators: one root; one is killed and catches up; a fifth begins with a snapshot', async () => {
    const genesis = genesisOf(4)
    const config = {
      consensus: { timeout_commit: '50ms', peer_gossip_sleep_duration: '5ms', create_empty_blocks: false },
    }
    const members = await cluster(binary!, genesis, 5, { everyBlocks: 2, config })
    const four = members.slice(0, 4)
    await startAll(four)
    const [first, second, , fourth] = four as [
      (typeof four)[0],
      (typeof four)[0],
      (typeof four)[0],
      (typeof four)[0],
    ]

    const pay = async (from: Person, nonce: number, comet: Comet) =>
      Number((await settle(comet, await transactionOf(from, nonce, [transfer(bytesOf(bob.id), NVY)]))).height)
    await pay(alice, 0, first.comet)
    await pay(alice, 1, second.comet)

    await fourth.comet.stop('SIGKILL')
    await fourth.app.stop('SIGKILL')
    await pay(alice, 2, second.comet)
    await startAll([fourth])
    const seen = await pay(alice, 3, fourth.comet)

    const hashes = await Promise.all(
      four.map(async ({ comet }) => (await blockAfter(comet, seen)).block.header.app_hash),
    )
    expect(new Set(hashes).size).toBe(1)
    await replay(fourth.comet, genesis)

    // a fifth that knows a block's hash takes the state from the others
    const trusted = await first.comet.call<{ block_id: { hash: string } }>('block', { height: '1' })
    const fifth = members[4]!
    fifth.comet.configure({
      statesync: {
        enable: true,
        rpc_servers: `${first.comet.rpc},${second.comet.rpc}`,
        trust_height: 1,
        trust_hash: trusted.block_id.hash,
        trust_period: '168h0m0s',
        discovery_time: '5s',
      },
    })
    await fifth.app.start()
    const synced = fifth.comet.said('Snapshot restored')
    await fifth.comet.start()
    await synced
    const after = await pay(alice, 4, first.comet)
    const there = await blockAfter(fifth.comet, after)
    const here = await blockAfter(first.comet, after)
    expect(there.block.header.app_hash).toBe(here.block.header.app_hash)
  })
})

/** The block after a height, once it is decided. */
async function blockAfter(comet: Comet, height: number): Promise<Block> {
  await comet.reached(height + 1)
  return comet.call<Block>('block', { height: String(height + 1) })
}
