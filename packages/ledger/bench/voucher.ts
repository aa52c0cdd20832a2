/**
 * What it takes to check a voucher as a node does for each request: its bytes are read, chain, channel and amount
 * are compared, and the signature is verified by the platform's Ed25519, with key objects kept.
 *
 * The figure counts the processor's time, so that what else runs on the machine does not come into it.
 */
import { createPrivateKey, sign } from 'node:crypto'
import {
  bytesOf,
  channelId,
  checkVoucher,
  openVoucher,
  sealVoucher,
  type VoucherChannel,
  verifyZip215,
  zip215,
} from '@neurovoyance/ledger'
import { nativeVerifier } from '@neurovoyance/ledger/node'
import { SignedVoucher } from '@neurovoyance/protocol'
import { measure, report } from '@neurovoyance/testing/bench'
import { ed25519 } from '@noble/curves/ed25519.js'

const CHAIN = 'bench-1'
const CHANNELS = 256
const PER_CHANNEL = 8
const STEP = 1_000_000n
const JOB = new Uint8Array(32).fill(7)
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

interface Paid {
  readonly channel: VoucherChannel
  /** Signed vouchers as they travel, each worth a step more than the one before. */
  readonly vouchers: readonly Uint8Array[]
}

function paidChannel(index: number): Paid {
  const secret = new Uint8Array(32).fill(1)
  new DataView(secret.buffer).setUint32(0, index)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const id = bytesOf(channelId({ chainId: CHAIN, account: '11'.repeat(32), nonce: index, index: 0 }))
  const vouchers = Array.from({ length: PER_CHANNEL }, (_, step) => {
    const cumulative = BigInt(step + 1) * STEP
    const voucher = { chainId: CHAIN, channelId: id, cumulative, jobId: JOB, transcriptRoot: JOB }
    return SignedVoucher.encode(sealVoucher(voucher, message => sign(null, message, key)))
  })
  const signer = ed25519.getPublicKey(secret)
  const deposited = BigInt(PER_CHANNEL) * STEP
  return { channel: { chainId: CHAIN, channelId: id, signer, cumulative: 0n, deposited }, vouchers }
}

const paid = Array.from({ length: CHANNELS }, (_, index) => paidChannel(index))
const rules = { leastStep: 1_000n, verify: zip215(nativeVerifier()) }
const slowRules = { leastStep: 1_000n, verify: verifyZip215 }

/** Checks the nth voucher of every channel; checks for each second of the processor. */
function checkAll(nth: number, channels: readonly Paid[], how: typeof rules): number {
  const before = process.cpuUsage()
  for (const { channel, vouchers } of channels) {
    const opened = openVoucher(SignedVoucher.decode(vouchers[nth]!))
    const problem = checkVoucher({ ...channel, cumulative: BigInt(nth) * STEP }, opened, how)
    if (problem !== undefined) throw new Error(`a voucher was refused: ${problem}`)
  }
  const { user, system } = process.cpuUsage(before)
  return channels.length / ((user + system) / 1e6)
}

let round = 0
const full = await measure({ run: () => checkAll(round++ % PER_CHANNEL, paid, rules), rounds: 60, warmup: 8 })
const slow = await measure({ run: () => checkAll(0, paid.slice(0, 16), slowRules), rounds: 5, warmup: 1 })

/** Vouchers over the deposit never get as far as the signature. */
const poor = paid.map(({ channel, vouchers }) => ({ channel: { ...channel, deposited: 1n }, vouchers }))
const refused = await measure({
  run() {
    const before = process.cpuUsage()
    for (let times = 0; times < 20; times++) {
      for (const { channel, vouchers } of poor) {
        checkVoucher(channel, openVoucher(SignedVoucher.decode(vouchers[0]!)), rules)
      }
    }
    const { user, system } = process.cpuUsage(before)
    return (20 * poor.length) / ((user + system) / 1e6)
  },
  rounds: 20,
})

report({
  bench: 'voucher',
  metrics: {
    perSecondPerCore: full.summary.p50,
    perSecondPerCoreP5: full.summary.p5,
    refusedBeforeSignaturePerSecond: refused.summary.p50,
    plainJavaScriptPerSecond: slow.summary.p50,
    channels: CHANNELS,
  },
  targets: { perSecondPerCore: '>=5000' },
  spread: { full: { unit: 'checks/s', ...full.summary } },
})
