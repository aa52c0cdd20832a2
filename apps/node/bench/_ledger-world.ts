import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  actions,
  addressOf,
  buildTransaction,
  bytesOf,
  channelId,
  type Genesis,
  idOf,
  sealVoucher,
  soleKey,
} from '@neurovoyance/ledger'
import { formatAddress } from '@neurovoyance/protocol'

export const CHAIN = 'bench-1'
const NVY = 1_000_000_000n
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

interface Person {
  readonly key: KeyObject
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly address: Uint8Array
}

function person(kind: number, index: number): Person {
  const seed = Buffer.alloc(32, kind)
  seed.writeUInt32BE(index)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
  return { key, publicKey, address: addressOf(soleKey(publicKey)) }
}

/** Seed of a validator's key. */
export const validatorSeed = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)

/** A genesis, and what is sent to its chain. */
export interface Load {
  /** Opens the channels; comes before the rest. */
  readonly setup: readonly Uint8Array[]
  readonly transactions: readonly Uint8Array[]
  readonly genesis: Genesis
}

/** What a load is made from. */
export interface LoadInit {
  readonly validators: readonly Uint8Array[]
  readonly accounts: number
  readonly transactions: number
}

const CHANNELS = 256
/** Of ten transactions, so many pay out vouchers; the others are transfers, each of another account. */
const SETTLEMENTS_IN_TEN = 3

/** A genesis of many accounts, and transactions of them that were signed before anything is measured. */
export async function makeLoad({ validators, accounts, transactions }: LoadInit): Promise<Load> {
  const payers = Array.from({ length: CHANNELS }, (_, index) => person(2, index))
  const payees = Array.from({ length: CHANNELS }, (_, index) => person(3, index))
  const owners = validators.map((_, index) => person(4, index))
  const settlements = Math.floor((transactions * SETTLEMENTS_IN_TEN) / 10)
  const senders = Array.from({ length: transactions - settlements }, (_, index) => person(1, index))
  const others = accounts - senders.length - 2 * CHANNELS
  const addresses = [
    ...[...senders, ...payers, ...payees].map(({ address }) => address),
    ...Array.from({ length: others }, () => new Uint8Array(randomBytes(32))),
  ]
  const genesis: Genesis = {
    chainId: CHAIN,
    timeMs: Date.now() - 1000,
    parameters: {},
    modules: {
      accounts: [
        ...addresses.map(address => ({ address: formatAddress(address), liquid: String(10_000n * NVY) })),
        ...owners.map(({ address }) => ({
          address: formatAddress(address),
          liquid: String(1_000_000n * NVY),
        })),
      ],
      staking: validators.map((publicKey, index) => ({
        consensusKey: Buffer.from(publicKey).toString('hex'),
        owner: formatAddress(owners[index]!.address),
        liquid: String(100_000n * NVY),
      })),
    },
  }
  const transaction = async (from: Person, nonce: number, action: ReturnType<typeof actions.transfer>) => {
    const { bytes } = await buildTransaction({
      chainId: CHAIN,
      sender: from.address,
      keys: soleKey(from.publicKey),
      nonce,
      validUntil: 1_000_000,
      maxFee: NVY,
      actions: [action],
      signers: [{ publicKey: from.publicKey, sign: bytes => new Uint8Array(sign(null, bytes, from.key)) }],
    })
    return bytes
  }
  const setup = await Promise.all(
    payers.map(({ publicKey }, index) =>
      transaction(
        payers[index]!,
        0,
        actions.openChannel({ payee: payees[index]!.address, signer: publicKey, deposit: 1_000n * NVY }),
      ),
    ),
  )
  const settle = (index: number): Promise<Uint8Array> => {
    const channel = index % CHANNELS
    const step = Math.floor(index / CHANNELS)
    const payer = payers[channel]!
    const id = channelId({ chainId: CHAIN, account: idOf(payer.address), nonce: 0, index: 0 })
    const voucher = {
      chainId: CHAIN,
      channelId: bytesOf(id),
      cumulative: BigInt(step + 1) * NVY,
      jobId: new Uint8Array(32),
      transcriptRoot: new Uint8Array(32),
    }
    const sealed = sealVoucher(voucher, bytes => new Uint8Array(sign(null, bytes, payer.key)))
    return transaction(payees[channel]!, step, actions.settleChannel(sealed))
  }
  const all: Uint8Array[] = []
  let [sent, settled] = [0, 0]
  for (let index = 0; index < transactions; index++) {
    if (index % 10 < SETTLEMENTS_IN_TEN && settled < settlements) all.push(await settle(settled++))
    else if (sent < senders.length) {
      const to = senders[(sent + 1) % senders.length]!.address
      all.push(await transaction(senders[sent++]!, 0, actions.transfer(to, 1_000n)))
    } else all.push(await settle(settled++))
  }
  return { setup, transactions: all, genesis }
}
