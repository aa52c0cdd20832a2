/** What the tests of a paying page call in the tab; bundled for browsers from the packages as they are published. */
import { createClient } from '@neurovoyance/client'
import { openChainReader, storageTrust } from '@neurovoyance/client/chain'
import { createPayments } from '@neurovoyance/client/pay'
import { walletFromKey } from '@neurovoyance/client/wallet'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { createTensor, parseAmount } from '@neurovoyance/protocol'

/** What crosses into the tab. */
export interface PaidErrand {
  readonly bootstrap: readonly string[]
  readonly genesis: GenesisDocument
  /** The wallet's key, 32 numbers. */
  readonly key: readonly number[]
  readonly model: string
  readonly left: readonly number[]
  readonly right: readonly number[]
}

/** What comes back: amounts in base units as text. */
export interface PaidAnswer {
  readonly sum: readonly number[]
  readonly units: string
  readonly amount: string
  /** Transaction that closed the channel, where the node did. */
  readonly closed: boolean
}

const tab = {
  async infer({ bootstrap, genesis, key, model, left, right }: PaidErrand): Promise<PaidAnswer> {
    const payments = createPayments({
      access: (host, { signal }) =>
        openChainReader({ host, genesis, signal, trust: storageTrust(localStorage) }),
      wallet: walletFromKey(Uint8Array.from(key)),
      budget: parseAmount('1'),
    })
    await using client = await createClient({ bootstrap, payments })
    const vector = (values: readonly number[]) =>
      createTensor('float32', Float32Array.from(values), [values.length])
    const { outputs, charge } = await client.infer({
      model,
      inputs: { a: vector(left), b: vector(right) },
      deadlineMs: 60_000,
    })
    const [ended] = await payments.settle()
    return {
      sum: [...(outputs.sum!.data as Float32Array)],
      units: String(charge?.units),
      amount: String(charge?.amount),
      closed: ended?.transaction !== undefined,
    }
  },
}

export type PayingTab = typeof tab

Object.assign(globalThis, { tab })
