// Starts a node with a chain of its own, runs the example on it, and sends it coins.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createClient } from '@neurovoyance/client'
import { createWalletClient, openChainReader } from '@neurovoyance/client/chain'
import { openUnattended, prepareHiveChain } from '@neurovoyance/node/hive'
import { parseAmount } from '@neurovoyance/protocol'
import { startNode } from '@neurovoyance/testing/hive'

const nv = fileURLToPath(new URL('bin/nv.js', import.meta.resolve('@neurovoyance/node/package.json')))
const program = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'wallet-'))

const { genesis, client: funder } = await prepareHiveChain(folder, ['bootstrap'])
const node = await startNode({
  nv,
  command: 'bootstrap',
  home: join(folder, 'bootstrap'),
  args: ['--loopback', '--genesis', genesis, '--validator'],
})
try {
  const child = spawn(process.execPath, [program, genesis, ...node.addresses], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let output = ''
  for await (const line of createInterface(child.stdout)) {
    console.log(line)
    output += `${line}\n`
    const address = /my address is (nv1\w+)/.exec(line)?.[1]
    if (address !== undefined) await send(address)
  }
  assert.deepEqual(await ended, [0, null])
  assert.match(output, /I have 10 NVY/)
  assert.match(output, /proven: 8\.7\d+ NVY here, 1\.25 NVY saved/)
} finally {
  await node.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Sends 10 NVY of the one account that the genesis gave coins. */
async function send(address: string): Promise<void> {
  await using client = await createClient({ bootstrap: node.addresses })
  await using access = await openChainReader({
    host: client.host,
    genesis: JSON.parse(await readFile(genesis, 'utf8')),
  })
  const wallet = await openUnattended(funder.wallet)
  assert(wallet !== undefined)
  const payment = await createWalletClient({ access, wallet }).transfer(address, parseAmount('10'))
  await payment.settled()
}
