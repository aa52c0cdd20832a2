import { createTeller, type Teller } from '@neurovoyance/client/pay'
import { type Wallet, walletFromKey } from '@neurovoyance/client/wallet'
import {
  accountOf,
  actions,
  bytesOf,
  type ChainAccess,
  channelId,
  Draft,
  idOf,
  localGenesis,
  sealVoucher,
} from '@neurovoyance/ledger'
import { localAccess, openChain } from '@neurovoyance/ledger/node'
import { parseAddress, type SignedVoucher } from '@neurovoyance/protocol'
import { folder } from '../hive/fixture.js'

export const CHAIN = 'till-1'
export const DEPOSIT = 10_000_000n

const walletOf = (seed: number): Wallet => walletFromKey(new Uint8Array(32).fill(seed))

/** Who pays, who earns, and who makes blocks. */
export const [payer, earner, validator] = [walletOf(1), walletOf(2), walletOf(3)]

/** Signs vouchers: a wallet does, and so may somebody who does it in another way. */
export interface VoucherSigner {
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

/** A real chain of one validator, with channels from the payer, to the earner unless another is named. */
export interface TillChain extends AsyncDisposable {
  readonly dir: string
  readonly access: ChainAccess
  /** Sends the payer's transactions. */
  readonly paying: Teller
  open(count: number, init?: { signer?: VoucherSigner; deposit?: bigint; payee?: Wallet }): Promise<string[]>
  voucher(channel: string, cumulative: bigint, signer?: VoucherSigner): SignedVoucher
  account(wallet: Wallet): Promise<ReturnType<typeof accountOf>>
  /** The channels' records. */
  records(channels: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
}

export const accountId = ({ address }: Wallet): string => idOf(parseAddress(address))

export async function openTillChain(): Promise<TillChain> {
  const validators = [{ consensusKey: validator.publicKey, owner: validator.address }]
  const clients = [payer.address, earner.address]
  const genesis = localGenesis({ chainId: CHAIN, timeMs: Date.now(), validators, clients })
  const dir = await folder('till-chain')
  const chain = await openChain({ dir, genesis, validator })
  const access = localAccess(chain)
  const paying = createTeller(access, payer)
  return {
    dir,
    access,
    paying,
    async open(count, { signer = payer, deposit = DEPOSIT, payee = earner } = {}) {
      const opening = { payee: parseAddress(payee.address), signer: signer.publicKey, deposit }
      const { nonce } = await paying.send(
        Array.from({ length: count }, (_, index) => actions.openChannel({ ...opening, index })),
      )
      const account = accountId(payer)
      return Array.from({ length: count }, (_, index) => channelId({ chainId: CHAIN, account, nonce, index }))
    },
    voucher(channel, cumulative, signer = payer) {
      const [jobId, transcriptRoot] = [new Uint8Array(32), new Uint8Array(32)]
      const signed = { chainId: CHAIN, channelId: bytesOf(channel), cumulative, jobId, transcriptRoot }
      return sealVoucher(signed, message => signer.sign(message) as Uint8Array)
    },
    async account(wallet) {
      const key = `accounts/${accountId(wallet)}`
      const [[record], { timeMs }] = await Promise.all([access.get([key]), access.head()])
      return accountOf(
        { draft: new Draft({ get: name => (name === key ? record : undefined) }), timeMs },
        accountId(wallet),
      )
    },
    records: channels => access.get(channels.map(id => `channels/${id}`)),
    [Symbol.asyncDispose]: () => chain.close(),
  }
}
