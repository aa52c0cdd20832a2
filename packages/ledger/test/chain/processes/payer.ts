/**
 * A chain of one validator in a process of its own, for tests that kill it: pays and pays, and prints what it may
 * tell: `block` with height, id and root for each block, `paid` with the id of each transaction that is in one.
 */
import { readFileSync } from 'node:fs'
import { accountOf, actions, buildTransaction, Draft, soleKey } from '@neurovoyance/ledger'
import { openChain } from '@neurovoyance/ledger/node'
import { createSigner, errorCode } from '@neurovoyance/protocol'

const [dir, file] = process.argv.slice(2) as [string, string]
const { genesis, validatorSecret, payerSecret, payer, payee } = JSON.parse(readFileSync(file, 'utf8'))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const say = (...words: (string | number)[]): void => void process.stdout.write(`${words.join(' ')}\n`)

const signer = createSigner(Buffer.from(payerSecret, 'hex'))
const validator = createSigner(Buffer.from(validatorSecret, 'hex'))
const chain = await openChain({ dir, genesis, validator, settings: { commitMs: 1 } })
void chain.stopped.then(({ reason, error }) => {
  if (reason === 'failed') throw error
})
chain.onBlock(({ height, id, stateRoot }) => say('block', height, hex(id), hex(stateRoot)))
const keys = soleKey(signer.publicKey)

const nextNonce = () => accountOf({ draft: new Draft(chain.state), timeMs: chain.head().timeMs }, payer).nonce
let nonce = nextNonce()
say('open', chain.head().height, nonce)
for (;;) {
  const paid = [0, 1, 2].map(async () => {
    const { bytes } = await buildTransaction({
      chainId: chain.chainId,
      sender: Buffer.from(payer, 'hex'),
      keys,
      nonce: nonce++,
      validUntil: chain.head().height + 1_000,
      maxFee: 1_000_000_000n,
      actions: [actions.transfer(payee, 1n)],
      signers: [signer],
    })
    const settled = await chain.settled(await chain.submit(bytes))
    say('paid', hex(settled.id), settled.height)
  })
  for (const result of await Promise.allSettled(paid)) {
    if (result.status === 'fulfilled') continue
    // what the killed process had proposed came into a block first, with these nonces
    if (errorCode(result.reason) !== 'LEDGER_CHAIN_TRANSACTION_GONE') throw result.reason
    nonce = nextNonce()
  }
}
