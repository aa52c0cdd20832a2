import type { Action } from '@neurovoyance/protocol'
import { requireChain } from '../chain/find-chain.js'
import type { CliContext } from '../context.js'
import { describeOutcome } from './describe.js'
import type { SendOptions } from './options.js'
import { send } from './send.js'
import { findWallet, openWallet } from './wallet-file.js'

/** Opens the wallet, sends what it asks for, and answers with what came of it. */
export async function spend(
  { home, output, signal }: CliContext,
  options: SendOptions,
  what: string,
  actions:
    | readonly Action[]
    | ((at: { nonce: number; chainId: string; address: string }) => Promise<readonly Action[]>),
): Promise<void> {
  const chain = await requireChain(home)
  const file = await findWallet(home, options.wallet)
  const wallet = await openWallet(file, { passphraseFile: options.passphraseFile, signal })
  const sent = await send({
    chain,
    wallet,
    actions: typeof actions === 'function' ? at => actions({ ...at, address: wallet.address }) : actions,
    what,
    memo: options.memo,
    maxFee: options.maxFee,
    yes: options.yes === true,
    noWait: !options.wait,
    signal,
  })
  const { transaction } = sent
  output.answer(sent, () => (transaction ? describeOutcome(transaction) : `${sent.id} waits for a block`))
}
