import { accounts, Draft, idOf } from '@neurovoyance/ledger'
import { parseAddress } from '@neurovoyance/protocol'
import type { Wallet } from '../../src/wallet/index.js'

/** Where the state has a wallet's account. */
export const keyOf = ({ address }: Wallet): string => accounts.key(idOf(parseAddress(address)))

/** What an account may give away, by its value in the state. */
export const liquidOf = (bytes: Uint8Array | undefined): bigint | undefined =>
  accounts.get(new Draft({ get: () => bytes }), 'x')?.purse?.liquid
