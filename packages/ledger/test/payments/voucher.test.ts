import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  checkVoucher,
  openVoucher,
  type VoucherChannel,
  type VoucherProblem,
  verifyZip215,
} from '../../src/index.js'
import { CHAIN, person } from '../machine/chain.js'
import { voucherOf } from './vouchers.js'

const hot = person(3)
const stranger = person(4)
const channel = 'cd'.repeat(32)

const state: VoucherChannel = {
  chainId: CHAIN,
  channelId: bytesOf(channel),
  signer: hot.publicKey,
  cumulative: 100n,
  deposited: 1_000n,
}

describe('checking a voucher', () => {
  it.each<[VoucherProblem | undefined, string, ReturnType<typeof voucherOf>, number]>([
    [undefined, 'a good one', voucherOf(hot, channel, 200n), 1],
    [undefined, 'the least step', voucherOf(hot, channel, 110n), 1],
    [undefined, 'all of the deposit', voucherOf(hot, channel, 1_000n), 1],
    ['LEDGER_BAD_SIGNATURE', 'by a stranger', voucherOf(stranger, channel, 200n), 1],
    ['LEDGER_BAD_SIGNATURE', 'for another domain', voucherOf(hot, channel, 200n, { signedFor: 'x' }), 1],
    ['LEDGER_WRONG_CHAIN', 'of another chain', voucherOf(hot, channel, 200n, { chainId: 'x' }), 0],
    ['LEDGER_WRONG_CHANNEL', 'of another channel', voucherOf(hot, 'ce'.repeat(32), 200n), 0],
    ['LEDGER_STALE_VOUCHER', 'the same again', voucherOf(hot, channel, 100n), 0],
    ['LEDGER_STALE_VOUCHER', 'a lower one', voucherOf(hot, channel, 99n), 0],
    ['LEDGER_OVER_DEPOSIT', 'over the deposit', voucherOf(hot, channel, 1_001n), 0],
    ['LEDGER_TOO_SMALL', 'a step of dust', voucherOf(hot, channel, 109n), 0],
  ])('%s: %s', (problem, _, signed, signatures) => {
    let verified = 0
    const verify = (...args: Parameters<typeof verifyZip215>): boolean => {
      verified++
      return verifyZip215(...args)
    }
    expect(checkVoucher(state, openVoucher(signed), { leastStep: 10n, verify })).toBe(problem)
    // The amount is looked at before the signature: a wrong amount costs next to nothing.
    expect(verified).toBe(signatures)
  })

  it('dust is good where it is all that is left', () => {
    const nearlyAll = { ...state, cumulative: 999n }
    const opened = openVoucher(voucherOf(hot, channel, 1_000n))
    expect(checkVoucher(nearlyAll, opened, { leastStep: 10n, verify: verifyZip215 })).toBeUndefined()
  })
})
