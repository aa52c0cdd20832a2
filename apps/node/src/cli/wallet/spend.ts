import type { Action } from '@neurovoyance/protocol'
import { requireChain } from '../chain/find-chain.js'
import type { CliContext } from '../context.js'
import { describeOutcome } from './describe.js'
import type { SendOptions } from './options.js'
import { type Sent, send } from './send.js'
import { findWallet, openWallet } from './wallet-file.js'

/** What a wallet asks for; some of it needs to know where it stands. */
export type Asked =
  | readonly Action[]
  | ((at: { nonce: number; chainId: string; address: string }) => Promise<readonly Action[]>)

/** Opens the wallet, sends what it asks for, and answers with what came of it. */
export async function spend(
  context: CliContext,
  options: SendOptions,
  what: string,
  actions: Asked,
): Promise<void> {
  const [sent] = await sendAll(context, options, [{ what, actions }])
  context.output.answer(sent, () => describeSent(sent!))
}

/** Opens the wallet, and sends one transaction after the other. */
export async function sendAll(
  { home, output, signal }: CliContext,
  options: SendOptions,
  wanted: readonly { readonly what: string; readonly actions: Asked }[],
): Promise<readonly Sent[]> {
  const chain = await requireChain(home)
  const file = await findWallet(home, options.wallet)
  const wallet = await openWallet(file, { passphraseFile: options.passphraseFile, signal })
  const all: Sent[] = []
  for (const { what, actions } of wanted) {
    const sent = await send({
      chain,
      wallet,
      actions: typeof actions === 'function' ? at => actions({ ...at, address: wallet.address }) : actions,
      what,
      memo: options.memo,
      maxFee: options.maxFee,
      yes: options.yes === true,
      // the next one has the nonce after it
      noWait: !options.wait && wanted.length === 1,
      note: output.note,
      signal,
    })
    all.push(sent)
  }
  return all
}

/** What came of it, in a line. */
export const describeSent = ({ id, transaction }: Sent): string =>
  transaction ? describeOutcome(transaction) : `${id} waits for a block`
