/**
 * A chain of one's own: the ledger package alone, with the network's rules and a module that is new. One validator,
 * no network; with more of them the rules and this program stay the same.
 */
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addressOf,
  buildTransaction,
  createGenesis,
  createNetworkLedger,
  soleKey,
  verifyProof,
} from '@neurovoyance/ledger'
import { nativeVerifier, openChain } from '@neurovoyance/ledger/node'
import { createSigner, formatAddress, formatAmount, Header, LightBlock } from '@neurovoyance/protocol'
import { namesModule, owners, register } from './names.ts'

const chainId = 'names-1'
const [validator, alice] = [1, 2].map(seed => createSigner(new Uint8Array(32).fill(seed)))
const [owner, buyer] = [validator, alice].map(signer => addressOf(soleKey(signer!.publicKey)))
const machine = createNetworkLedger({ chainId, added: [namesModule], verify: nativeVerifier() })

const genesis = createGenesis({
  chainId,
  timeMs: Date.now() - 1_000,
  machine,
  parameters: { 'names/price': 2_000_000_000n },
  accounts: [
    { address: formatAddress(owner!), liquid: 100_000_000_000_000n },
    { address: formatAddress(buyer!), liquid: 10_000_000_000n },
  ],
  validators: [
    { consensusKey: validator!.publicKey, owner: formatAddress(owner!), liquid: 50_000_000_000_000n },
  ],
})

const dir = await mkdtemp(join(tmpdir(), 'own-chain-'))
const chain = await openChain({ dir, genesis, machine, validator: validator! })

/** Alice asks for a name, and waits for the block that it is in. */
async function ask(name: string, nonce: number) {
  const { id, bytes } = await buildTransaction({
    chainId,
    sender: buyer!,
    keys: soleKey(alice!.publicKey),
    nonce,
    validUntil: chain.head().height + 20,
    maxFee: 100_000_000n,
    actions: [register(name)],
    signers: [alice!],
  })
  await chain.submit(bytes)
  return chain.settled(id)
}

const first = await ask('moby', 0)
const second = await ask('moby', 1)
console.log(`block ${first.height}: moby is Alice's, for a fee of ${formatAmount(first.fee)} NVY`)
console.log(`block ${second.height}: the same again is refused: ${second.code}`)
assert.equal(first.code, undefined)
assert.equal(second.code, 'NAMES_TAKEN')

// Anybody can check it against a header that the validators signed.
const key = owners.key('moby')
const { height, values } = await chain.prove([key])
const { header } = LightBlock.decode(chain.lightBlock(height)!)
assert.ok(verifyProof(header!.stateRoot, key, values[0]!.value, values[0]!.proof))
console.log(
  `proven under header ${height}, ${Header.encode(header!).length} bytes: ${key} is ${formatAddress(values[0]!.value!)}`,
)

await chain.close()
