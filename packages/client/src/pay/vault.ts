import { actions, bytesOf, type ChainAccess, channelId, idOf } from '@neurovoyance/ledger'
import { parseAddress } from '@neurovoyance/protocol'
import { channelFromLedger } from './channel-rules.js'
import type { PaidChannel } from './core/purse.js'
import { mostFee, nonceOf, type PayingAccount, type Sending, type Sent, type Teller } from './teller.js'

/** Moves coins into channels and out of them, by transactions. */
export interface Vault {
  /** Opens channels, all in one transaction. `before` is told their ids before it is sent. */
  open(
    openings: readonly { readonly payee: string; readonly deposit: bigint }[],
    before?: (sending: Sending & { readonly ids: readonly string[] }) => Promise<void>,
  ): Promise<Sent & { readonly channels: { id: string; payee: string; deposit: bigint }[] }>
  topUp(channel: string, amount: bigint, before?: (sending: Sending) => Promise<void>): Promise<Sent>
  /** The most that a transaction that opens so many channels, or adds to one, costs now. */
  mostFee(channels: number): Promise<bigint>
  requestClose(channel: string): Promise<Sent>
  withdraw(channel: string): Promise<Sent>
  /** Channels as the ledger has them, and how many transactions this account has made, at one height. */
  find(
    channels: readonly string[],
  ): Promise<{ readonly nonce: number; readonly channels: readonly (PaidChannel | undefined)[] }>
}

/** Opens and closes channels of an account; its own key signs their vouchers. */
export function createVault(
  access: Pick<ChainAccess, 'chainId' | 'get' | 'head'>,
  account: PayingAccount,
  teller: Teller,
): Vault {
  const payer = idOf(parseAddress(account.address))
  const { chainId } = access
  return {
    async open(openings, before) {
      const idsAt = (nonce: number) =>
        openings.map((_, index) => channelId({ chainId, account: payer, nonce, index }))
      const sent = await teller.send(
        openings.map(({ payee, deposit }, index) =>
          actions.openChannel({ payee: bytesOf(payee), signer: account.publicKey, deposit, index }),
        ),
        { before: sending => before?.({ ...sending, ids: idsAt(sending.nonce) }) },
      )
      const ids = idsAt(sent.nonce)
      return { ...sent, channels: openings.map((opening, index) => ({ ...opening, id: ids[index]! })) }
    },
    topUp: (channel, amount, before) =>
      teller.send([actions.topUpChannel(bytesOf(channel), amount)], before === undefined ? {} : { before }),
    mostFee: async channels => mostFee((await access.head()).baseFee, channels),
    requestClose: channel => teller.send([actions.requestChannelClose(bytesOf(channel))]),
    withdraw: channel => teller.send([actions.withdrawFromChannel(bytesOf(channel))]),
    async find(ids) {
      const [record, ...values] = await access.get([`accounts/${payer}`, ...ids.map(id => `channels/${id}`)])
      const channels = ids.map((id, index) => {
        const value = values[index]
        return value === undefined ? undefined : channelFromLedger(chainId, id, value)
      })
      return { nonce: nonceOf(payer, record), channels }
    },
  }
}
