import { actions, bytesOf, channelId, type Genesis, idOf, sealVoucher } from '@neurovoyance/ledger'
import { formatAddress } from '@neurovoyance/protocol'
import { CHAIN, NVY, type Person, person, signedBy, transactionOf } from './_ledger-people.ts'

/** Seed of a validator's key. */
export const validatorSeed = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)

/** What is sent to a chain, signed before anything is measured. */
export interface Load {
  /** Opens the channels; comes before the rest. */
  readonly setup: readonly Uint8Array[]
  /** Each of another sender. */
  readonly transactions: readonly Uint8Array[]
}

/** A genesis in which everybody has coins, and loads whose senders are all of them. */
export interface World {
  readonly genesis: Genesis
  readonly loads: readonly Load[]
}

/** What a world is made from. */
export interface WorldInit {
  readonly validators: readonly Uint8Array[]
  readonly senders: number
  /** The senders are divided among so many loads, each for a network of its own. */
  readonly loads: number
}

/** Of ten transactions so many redeem a channel's voucher; the others are transfers. */
const SETTLEMENTS_IN_TEN = 3

/** Makes everybody, and signs one transaction of each. */
export async function makeWorld({ validators, senders, loads }: WorldInit): Promise<World> {
  const people = Array.from({ length: senders }, (_, index) => person(1, index))
  const owners = validators.map((_, index) => person(4, index))
  const share = Math.ceil(senders / loads)
  const shares = Array.from({ length: loads }, (_, index) => people.slice(index * share, (index + 1) * share))
  const made: Load[] = []
  for (const some of shares) made.push(await makeLoad(some))
  return { genesis: genesisOf(people, owners, validators), loads: made }
}

function genesisOf(
  people: readonly Person[],
  owners: readonly Person[],
  validators: readonly Uint8Array[],
): Genesis {
  const withCoins = (coins: bigint) => (who: Person) => ({
    address: formatAddress(who.address),
    liquid: String(coins * NVY),
  })
  return {
    chainId: CHAIN,
    timeMs: Date.now() - 1000,
    parameters: {},
    modules: {
      accounts: [...people.map(withCoins(10_000n)), ...owners.map(withCoins(1_000_000n))],
      staking: validators.map((publicKey, index) => ({
        consensusKey: Buffer.from(publicKey).toString('hex'),
        owner: formatAddress(owners[index]!.address),
        liquid: String(100_000n * NVY),
      })),
    },
  }
}

/**
 * One transaction of each person: three of ten redeem a voucher, each of a channel of its own that another of them
 * has opened to it; the others send coins.
 */
async function makeLoad(people: readonly Person[]): Promise<Load> {
  const isPayee = (index: number): boolean => index % 10 < SETTLEMENTS_IN_TEN
  const payers = people.filter((_, index) => !isPayee(index))
  const setup: Uint8Array[] = []
  const transactions: Uint8Array[] = []
  let paid = 0
  for (const [index, who] of people.entries()) {
    if (!isPayee(index)) continue
    const payer = payers[paid++]!
    const { publicKey: signer } = payer
    const channel = actions.openChannel({ payee: who.address, signer, deposit: 1_000n * NVY })
    setup.push(await transactionOf(payer, 0, channel))
  }
  let [settled, sent] = [0, 0]
  for (const [index, who] of people.entries()) {
    if (isPayee(index)) transactions.push(await settlement(payers[settled++]!, who))
    else {
      const to = people[(index + 1) % people.length]!.address
      const nonce = sent++ < paid ? 1 : 0
      transactions.push(await transactionOf(who, nonce, actions.transfer(to, 1_000n)))
    }
  }
  return { setup, transactions }
}

/** Redeems a voucher over a coin, of the channel that the payer opened with its first transaction. */
function settlement(payer: Person, payee: Person): Promise<Uint8Array> {
  const id = channelId({ chainId: CHAIN, account: idOf(payer.address), nonce: 0, index: 0 })
  const voucher = {
    chainId: CHAIN,
    channelId: bytesOf(id),
    cumulative: NVY,
    jobId: new Uint8Array(32),
    transcriptRoot: new Uint8Array(32),
  }
  return transactionOf(payee, 0, actions.settleChannel(sealVoucher(voucher, signedBy(payer))))
}
