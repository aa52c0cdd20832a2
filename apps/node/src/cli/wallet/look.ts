import type { Home } from '../../config/home.js'
import { checkedAccount } from '../chain/check-account.js'
import { requireChain, requireGenesis } from '../chain/find-chain.js'
import type { ProofOptions } from '../chain/options.js'
import type { CliContext } from '../context.js'
import { addressFrom } from '../options.js'
import { describeAccount, describeHistory } from './describe.js'
import { findWallet } from './wallet-file.js'

/** `nv wallet balance` */
export async function balance(
  { home, output }: CliContext,
  address: string | undefined,
  options: ProofOptions & { wallet: string },
): Promise<void> {
  const of = await accountOf(home, options.wallet, address)
  const chain = await requireChain(home)
  if (options.prove !== true) {
    const account = await chain.account(of)
    output.answer(account, () => describeAccount(account))
    return
  }
  const account = await checkedAccount(chain, await requireGenesis(home, options.genesis), of)
  output.answer(
    account,
    () =>
      `${describeAccount(account)}\nproven under state root ${account.checked.stateRoot}\nof header ${account.checked.height}, followed from the genesis by the validators' signatures`,
  )
}

/** `nv wallet history` */
export async function history(
  { home, output }: CliContext,
  address: string | undefined,
  { wallet, ...options }: { wallet: string; limit: number; before?: string },
): Promise<void> {
  const of = await accountOf(home, wallet, address)
  const chain = await requireChain(home)
  const list = await chain.history(of, options)
  output.answer(list, () => describeHistory(list, of))
}

/** The address that was given, else the wallet's. */
const accountOf = async (home: Home, wallet: string, given: string | undefined): Promise<string> =>
  given === undefined ? (await findWallet(home, wallet)).keystore.address : addressFrom(given)
