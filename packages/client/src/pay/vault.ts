import { actions, bytesOf, type ChainAccess, channelId, idOf } from '@neurovoyance/ledger'
import { parseAddress } from '@neurovoyance/protocol'
import type { PayingAccount, Teller } from './teller.js'

/** Moves coins into channels and out of them, by transactions. */
export interface Vault {
  /** Opens channels, all in one transaction. */
  open(
    openings: readonly { readonly payee: string; readonly deposit: bigint }[],
  ): Promise<{ channels: { id: string; payee: string; deposit: bigint }[]; fee: bigint }>
  /** Adds to a channel's deposit; the fee. */
  topUp(channel: string, amount: bigint): Promise<bigint>
  requestClose(channel: string): Promise<bigint>
  withdraw(channel: string): Promise<bigint>
}

/** Opens and closes channels of an account; its own key signs their vouchers. */
export function createVault(
  access: Pick<ChainAccess, 'chainId'>,
  account: PayingAccount,
  teller: Teller,
): Vault {
  const payer = idOf(parseAddress(account.address))
  const { chainId } = access
  const one = async (action: Parameters<Teller['send']>[0][number]) => (await teller.send([action])).fee
  return {
    async open(openings) {
      const { nonce, fee } = await teller.send(
        openings.map(({ payee, deposit }, index) =>
          actions.openChannel({ payee: bytesOf(payee), signer: account.publicKey, deposit, index }),
        ),
      )
      const channels = openings.map(({ payee, deposit }, index) => ({
        id: channelId({ chainId, account: payer, nonce, index }),
        payee,
        deposit,
      }))
      return { channels, fee }
    },
    topUp: (channel, amount) => one(actions.topUpChannel(bytesOf(channel), amount)),
    requestClose: channel => one(actions.requestChannelClose(bytesOf(channel))),
    withdraw: channel => one(actions.withdrawFromChannel(bytesOf(channel))),
  }
}
