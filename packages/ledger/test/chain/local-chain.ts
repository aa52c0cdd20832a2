import { createPrivateKey, sign as nativeSign } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Action } from '@neurovoyance/protocol'
import { localGenesis } from '../../src/genesis/index.js'
import { accountOf, buildTransaction, Draft, soleKey, type TransactionInit } from '../../src/index.js'
import type { Chain, GenesisDocument } from '../../src/node/index.js'
import { type ChainInit, openChain, type ValidatorKey } from '../../src/node/index.js'
import { CHAIN, type Person, person } from '../machine/chain.js'

/** Signs as the owner of a key, by the platform: fast. */
export function keyOf({ secret, publicKey }: Pick<Person, 'secret' | 'publicKey'>): ValidatorKey {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const key = createPrivateKey({ key: Buffer.concat([prefix, secret]), format: 'der', type: 'pkcs8' })
  return { publicKey, sign: bytes => new Uint8Array(nativeSign(null, bytes, key)) }
}

export const alice = person(1)
export const bob = person(2)
export const validators = [101, 102, 103, 104].map(person)

/** A genesis with Alice's coins, and so many validators who own themselves. */
export const genesisOf = (
  count: number,
  parameters: Record<string, string> = {},
  clients: readonly Person[] = [alice],
  timeMs = Date.now() - 1_000,
): GenesisDocument =>
  localGenesis({
    chainId: CHAIN,
    timeMs,
    parameters,
    validators: validators
      .slice(0, count)
      .map(({ publicKey, address }) => ({ consensusKey: publicKey, owner: address })),
    clients: clients.map(({ address }) => address),
  })

/** Quick, so that tests are. */
export const QUICK: NonNullable<ChainInit['settings']> = {
  commitMs: 5,
  proposeMs: 3_000,
  prevoteMs: 2_000,
  precommitMs: 2_000,
}

/** Folders and chains of one test; all are gone when it is over. */
export class Workplace {
  readonly #folders: string[] = []
  readonly #chains: Chain[] = []

  async folder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'neurovoyance-chain-'))
    this.#folders.push(folder)
    return folder
  }

  async open(init: ChainInit): Promise<Chain> {
    const chain = await openChain({ settings: QUICK, ...init })
    this.#chains.push(chain)
    return chain
  }

  async clear(): Promise<void> {
    await Promise.all(this.#chains.map(chain => chain.close()))
    await Promise.all(this.#folders.map(folder => rm(folder, { recursive: true, force: true })))
  }
}

/** A transaction of somebody on a chain. */
export async function transactionOf(
  chain: Pick<Chain, 'state' | 'head'>,
  from: Person,
  actions: readonly Action[],
  init: Partial<TransactionInit> = {},
): Promise<{ id: Uint8Array; bytes: Uint8Array }> {
  const { nonce } = accountOf({ draft: new Draft(chain.state), timeMs: chain.head().timeMs }, from.id)
  return buildTransaction({
    chainId: CHAIN,
    sender: from.address,
    keys: soleKey(from.publicKey),
    nonce,
    validUntil: chain.head().height + 1_000,
    maxFee: 1_000_000_000n,
    actions,
    signers: [keyOf(from)],
    ...init,
  })
}

/** Coins that somebody may give away. */
export const liquidOf = (chain: Pick<Chain, 'state' | 'head'>, { id }: Person): bigint =>
  accountOf({ draft: new Draft(chain.state), timeMs: chain.head().timeMs }, id).purse.liquid

/** Resolves when the chain has a block of this height. */
export function reached(chain: Chain, height: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = chain.onBlock(block => {
      if (block.height < height) return
      stop()
      resolve()
    })
    if (chain.head().height >= height) {
      stop()
      resolve()
    }
    void chain.stopped.then(({ reason, error }) => reject(new Error(`stopped: ${reason}`, { cause: error })))
  })
}
