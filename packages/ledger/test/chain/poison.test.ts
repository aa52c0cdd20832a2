import { errorCode, LIMITS, type SignedVoucher, Voucher } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actions, bytesOf, channelId, voucherMessage } from '../../src/index.js'
import type { Chain } from '../../src/node/index.js'
import { laxBindings } from '../crypto/lax-bindings.js'
import { laxSigner } from '../crypto/lax-signatures.js'
import { CHAIN, type Person, person } from '../machine/chain.js'
import {
  alice,
  bob,
  genesisOf,
  keyOf,
  liquidOf,
  transactionOf,
  validators,
  Workplace,
} from './local-chain.js'

const mallory = person(3)
const lax = laxSigner(7)
const genesis = genesisOf(1, {}, [alice, mallory])

let place: Workplace
let chain: Chain
beforeEach(async () => {
  place = new Workplace()
  chain = await place.open({ dir: await place.folder(), genesis, validator: keyOf(validators[0]!) })
})
afterEach(() => place.clear())

async function submit(from: Person, asked: Parameters<typeof transactionOf>[2], init = {}) {
  const { bytes } = await transactionOf(chain, from, asked, init)
  return chain.submit(bytes)
}

/** What an honest account asks beside it happens in a block. */
async function expectHonestGoOn(): Promise<void> {
  const before = liquidOf(chain, bob)
  const { code } = await chain.settled(await submit(alice, [actions.transfer(bob.address, 1n)]))
  expect([code, liquidOf(chain, bob) - before]).toEqual([undefined, 1n])
  expect(chain.pool.size).toBe(0)
}

/** A channel of Mallory to Alice, whose vouchers this key signs. */
async function opened(signer: Uint8Array): Promise<Uint8Array> {
  const id = bytesOf(channelId({ chainId: CHAIN, account: mallory.id, nonce: 0, index: 0 }))
  const opening = actions.openChannel({ payee: alice.address, signer, deposit: 1_000_000_000n })
  expect((await chain.settled(await submit(mallory, [opening]))).code).toBeUndefined()
  return id
}

function voucherOf(
  channel: Uint8Array,
  cumulative: bigint,
  sign: (message: Uint8Array) => Uint8Array,
): SignedVoucher {
  const voucher = Voucher.encode({
    chainId: CHAIN,
    channelId: channel,
    cumulative,
    jobId: new Uint8Array(32),
    transcriptRoot: new Uint8Array(32),
  })
  return { voucher, signature: sign(voucherMessage(CHAIN, voucher)) }
}

describe('a transaction with the highest tip that would keep others out', () => {
  const tip = 1_000n

  it('by twenty vouchers that only the slow verifier takes does not wait, and honest ones go on', async () => {
    const channel = await opened(lax.publicKey)
    const settle = Array.from({ length: 20 }, (_, index) =>
      actions.settleChannel(voucherOf(channel, BigInt(index + 1) * 10_000n, lax.sign)),
    )
    expect(await submit(mallory, settle, { tip }).catch(errorCode)).toBe('LEDGER_BAD_SIGNATURE')
    await expectHonestGoOn()
  })

  it('by a voucher that nobody signed does not wait; the channel’s own does', async () => {
    const channel = await opened(mallory.publicKey)
    const garbage = voucherOf(channel, 20_000n, () => new Uint8Array(64).fill(9))
    expect(await submit(mallory, [actions.settleChannel(garbage)], { tip }).catch(errorCode)).toBe(
      'LEDGER_BAD_SIGNATURE',
    )
    expect(await submit(alice, [actions.closeChannel(channel, garbage)], { tip }).catch(errorCode)).toBe(
      'LEDGER_BAD_SIGNATURE',
    )
    const good = voucherOf(channel, 20_000n, message => keyOf(mallory).sign(message) as Uint8Array)
    expect((await chain.settled(await submit(mallory, [actions.settleChannel(good)]))).code).toBeUndefined()
    await expectHonestGoOn()
  })

  it('by vouchers of a channel that is not on the ledger does not wait, even where it opens it', async () => {
    const channel = bytesOf(channelId({ chainId: CHAIN, account: mallory.id, nonce: 0, index: 0 }))
    const opening = actions.openChannel({
      payee: alice.address,
      signer: lax.publicKey,
      deposit: 1_000_000_000n,
    })
    const settle = actions.settleChannel(voucherOf(channel, 10_000n, lax.sign))
    expect(await submit(mallory, [opening, settle], { tip }).catch(errorCode)).toBe('LEDGER_NOT_FOUND')
    await expectHonestGoOn()
  })

  it('by proofs of keys that only the slow verifier takes does not wait', async () => {
    const bind = laxBindings({ chainId: CHAIN, owner: mallory.id, nonce: 0, count: 20 })
    expect(await submit(mallory, bind, { tip }).catch(errorCode)).toBe('LEDGER_BAD_SIGNATURE')
    await expectHonestGoOn()
  })

  it('for ever does not wait', async () => {
    const give = [actions.transfer(bob.address, 1n)]
    const last = chain.head().height + 1 + LIMITS.transactionTermBlocks
    const late = await submit(mallory, give, { tip, nonce: 5, validUntil: last + 1 }).catch(errorCode)
    expect(late).toBe('LEDGER_TOO_LATE')
    await submit(mallory, give, { tip, nonce: 5, validUntil: last })
    expect(chain.pool.size).toBe(1)
  })
})
