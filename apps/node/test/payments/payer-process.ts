/** A client in a process of its own, to be killed: it pays for runs side by side until then, and prints what each was charged. */
import { readFile } from 'node:fs/promises'
import { createClient, createTensor } from '@neurovoyance/client'
import { openChainReader } from '@neurovoyance/client/chain'
import { createPayments } from '@neurovoyance/client/pay'
import { fileStore } from '@neurovoyance/client/pay/node'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { openUnattended } from '@neurovoyance/node/hive'

/** What it is told, as JSON in its first argument. */
export interface PayerErrand {
  readonly bootstrap: readonly string[]
  readonly genesis: string
  readonly wallet: string
  readonly purse: string
  readonly budget: string
  readonly model: string
  readonly inputs: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly data: readonly number[] }>
  >
}

const LANES = 4

const errand = JSON.parse(process.argv[2]!) as PayerErrand
const genesis = JSON.parse(await readFile(errand.genesis, 'utf8')) as GenesisDocument
const wallet = (await openUnattended(errand.wallet))!
const payments = createPayments({
  access: (host, { signal }) => openChainReader({ host, genesis, signal }),
  wallet,
  budget: BigInt(errand.budget),
  store: fileStore(errand.purse),
})
const client = await createClient({ bootstrap: [...errand.bootstrap], payments })
const inputs = Object.fromEntries(
  Object.entries(errand.inputs).map(([name, { dims, data }]) => [
    name,
    createTensor('float32', Float32Array.from(data), dims),
  ]),
)
console.log('up')
async function lane(): Promise<never> {
  for (;;) {
    const { charge } = await client.infer({ model: errand.model, inputs })
    process.stdout.write(`${charge!.amount}\n`)
  }
}
await Promise.all(Array.from({ length: LANES }, lane))
