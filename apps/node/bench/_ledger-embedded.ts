/** A validator of the embedded engine over libp2p, in a process of its own. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { multiaddr } from '@multiformats/multiaddr'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { openChain } from '@neurovoyance/ledger/node'
import { createPeerHost } from '@neurovoyance/p2p/node'
import { chainNetworkOver } from '../src/chain/chain-network.ts'
import { type FromNode, type NodeArgs, nameOf, type ToNode } from './_ledger-wire.ts'
import { validatorSeed } from './_ledger-world.ts'

const { dir, genesis, index, pace } = JSON.parse(process.argv[2]!) as NodeArgs
const say = (message: FromNode): void => void process.send!(message)

const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), validatorSeed(index)])
const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))

const host = await createPeerHost({ listen: { host: '127.0.0.1', ws: false }, mdns: false })
const chain = await openChain({
  dir,
  genesis: JSON.parse(readFileSync(genesis, 'utf8')) as GenesisDocument,
  validator: { publicKey, sign: bytes => new Uint8Array(sign(null, bytes, key)) },
  network: chainNetworkOver(host),
  settings: { commitMs: pace.commitMs, blockBytes: 8 * 1024 ** 2 },
})
void chain.stopped.then(({ reason, error }) => {
  if (reason === 'failed') say({ refused: String(error) })
})
chain.onBlock(({ transactions }) => say({ committed: transactions.map(({ bytes }) => nameOf(bytes)) }))
process.on('message', ({ connect, submit }: ToNode) => {
  for (const address of connect ?? []) {
    host.connect(address).catch((error: unknown) => say({ refused: String(error) }))
  }
  for (const bytes of submit ?? []) chain.submit(bytes).catch(error => say({ refused: String(error) }))
})
process.once('disconnect', () => process.exit())
const address = host.addresses().find(known => multiaddr(known).toString().includes('/tcp/'))
say({ ready: address! })
