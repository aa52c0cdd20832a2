import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Genesis } from '@neurovoyance/ledger'
import { cometGenesis } from '@neurovoyance/ledger/abci'
import { Comet, cometKey, freePorts } from '@neurovoyance/testing/comet'
import type { FromNode, NodeArgs, Pace, ToNode } from './_ledger-wire.ts'
import { validatorSeed } from './_ledger-world.ts'

const NODES = 4
const BATCH = 50

/** Four validators in processes of their own. */
export interface Network {
  /** Gives transactions to one of them; resolves when it takes more. */
  submit(node: number, transactions: readonly Uint8Array[]): Promise<void>
  /** Tells of every block that the first of them committed. */
  onCommit(listener: (names: readonly string[]) => void): void
  stop(): Promise<void>
}

export type StartNetwork = (genesis: Genesis, pace: Pace) => Promise<Network>

function start(program: string, args: NodeArgs): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url))
  return fork(path, [JSON.stringify(args)], { serialization: 'advanced' })
}

/** What a process says first. */
async function ready(child: ChildProcess): Promise<string> {
  const [message] = (await once(child, 'message')) as [FromNode]
  if (message.ready === undefined) throw new Error(message.refused ?? 'a node says nothing of where it is')
  return message.ready
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

function listener(children: readonly ChildProcess[]): Network['onCommit'] {
  return listen => {
    children.forEach((child, index) => {
      child.on('message', ({ committed, refused }: FromNode) => {
        if (refused !== undefined) console.error(`node ${index}: ${refused}`)
        if (committed !== undefined && index === 0) listen(committed)
      })
    })
  }
}

/** The embedded engine, over libp2p. */
export const startEmbedded: StartNetwork = async (genesis, pace) => {
  const root = mkdtempSync(join(tmpdir(), 'bench-embedded-'))
  const file = join(root, 'genesis.json')
  writeFileSync(file, JSON.stringify(genesis))
  const children = Array.from({ length: NODES }, (_, index) =>
    start('_ledger-embedded.ts', { dir: join(root, String(index)), genesis: file, index, pace }),
  )
  const addresses = await Promise.all(children.map(ready))
  const say = (node: number, message: ToNode): Promise<void> =>
    new Promise((resolve, reject) =>
      children[node]!.send(message, error => (error === null ? resolve() : reject(error))),
    )
  await Promise.all(children.map((_, index) => say(index, { connect: addresses.slice(index + 1) })))
  return {
    submit: (node, transactions) => say(node, { submit: transactions }),
    onCommit: listener(children),
    async stop() {
      await Promise.all(children.map(end))
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The same ledger under CometBFT. */
export const startComet =
  (binary: string): StartNetwork =>
  async (genesis, pace) => {
    const root = mkdtempSync(join(tmpdir(), 'bench-comet-'))
    const ports = await freePorts(2 * NODES)
    const nodeSeed = (index: number): Uint8Array => new Uint8Array(32).fill(200 + index)
    const peers = Array.from(
      { length: NODES },
      (_, index) => `${cometKey(nodeSeed(index)).address}@127.0.0.1:${ports[2 * index + 1]}`,
    )
    const nodes = Array.from({ length: NODES }, (_, index) => {
      const dir = join(root, String(index))
      mkdirSync(dir)
      const app = `unix://${join(dir, 'abci.sock')}`
      const child = start('_ledger-comet.ts', {
        dir: join(dir, 'ledger'),
        genesis: '',
        index,
        pace,
        listen: app,
      })
      const comet = new Comet({
        home: join(dir, 'comet'),
        binary,
        genesis: cometGenesis(genesis),
        validator: validatorSeed(index),
        node: nodeSeed(index),
        app,
        rpcPort: ports[2 * index]!,
        p2pPort: ports[2 * index + 1]!,
        peers: peers.filter((_, other) => other !== index),
        config: {
          '': { log_level: 'rpc-server:info,*:error' },
          rpc: { max_request_batch_size: BATCH },
          p2p: { send_rate: 100_000_000, recv_rate: 100_000_000, max_packet_msg_payload_size: 65_536 },
          consensus: { timeout_commit: `${pace.commitMs}ms`, skip_timeout_commit: pace.commitMs === 0 },
          tx_index: { indexer: 'null' },
        },
      })
      return { child, comet }
    })
    await Promise.all(nodes.map(({ child }) => ready(child)))
    await Promise.all(nodes.map(({ comet }) => comet.start()))
    return {
      async submit(node, transactions) {
        const { rpc } = nodes[node]!.comet
        for (let at = 0; at < transactions.length; at += BATCH) {
          await broadcast(rpc, transactions.slice(at, at + BATCH))
        }
      },
      onCommit: listener(nodes.map(({ child }) => child)),
      async stop() {
        await Promise.all(nodes.map(({ comet }) => comet.stop('SIGKILL')))
        await Promise.all(nodes.map(({ child }) => end(child)))
        rmSync(root, { recursive: true, force: true })
      },
    }
  }

/** Gives transactions to a CometBFT, the way that takes least of it: what becomes of them only blocks tell. */
async function broadcast(rpc: string, transactions: readonly Uint8Array[]): Promise<void> {
  const calls = transactions.map((bytes, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'broadcast_tx_async',
    params: { tx: Buffer.from(bytes).toString('base64') },
  }))
  const response = await fetch(rpc, { method: 'POST', body: JSON.stringify(calls) })
  const said = (await response.json()) as { error?: unknown }[] | { error?: unknown }
  const failed = [said].flat().find(({ error }) => error !== undefined)
  if (failed !== undefined) throw new Error(`CometBFT: ${JSON.stringify(failed.error)}`)
}
