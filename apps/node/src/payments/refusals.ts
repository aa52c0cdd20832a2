import { type NvyPrice, SignedVoucher, type Statement } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'
import type { TillProblem } from './core/till.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A request that is not paid: the error says what it costs, what was charged, and the latest voucher that is here. */
export function paymentRequired(
  price: NvyPrice,
  { units, due }: { units: bigint; due: bigint },
  statement?: Statement & { accepted: bigint },
): NodeError {
  return new NodeError(
    'NODE_PAYMENT_REQUIRED',
    `This run takes ${units} work units and costs ${due} base units.`,
    {
      details: {
        units: String(units),
        due: String(due),
        perBillion: String(price.perBillion),
        minimum: String(price.minimum),
        chainId: price.chainId,
        payee: hex(price.payee),
        ...(statement && { spent: String(statement.spent), accepted: String(statement.accepted) }),
        ...(statement?.voucher && { voucher: hex(SignedVoucher.encode(statement.voucher)) }),
      },
    },
  )
}

/** A channel that pays for nothing: why, by `details.reason`. */
export function paymentRefused(
  reason: string,
  message: string,
  details: Record<string, string> = {},
): NodeError {
  return new NodeError('NODE_PAYMENT_REFUSED', message, { details: { reason, ...details } })
}

/** That a charge could not be written down, so that nothing may be delivered for it. */
export const cannotKeep = (): NodeError =>
  paymentRefused('disk', 'This node cannot write down what it charges now: pay another one.')

/** A peer that has to wait, whatever it pays with now. */
export const paused = (): NodeError =>
  paymentRefused('paused', 'Too many of your vouchers did not hold: wait a while.')

/** What to tell a client about a problem that another voucher does not cure; `undefined` where one does. */
export function refusalOf(problem: TillProblem): NodeError | undefined {
  switch (problem.type) {
    case 'closing':
      return paymentRefused('closed', 'The end of this channel was asked for: open another one.')
    case 'stranger':
      return paymentRefused(
        'payer',
        'What a channel has paid ahead is for its payer: ask for its statement, signed, and then again.',
      )
    case 'voucher':
      return paymentRefused('voucher', `The voucher does not hold: ${problem.code}.`, {
        problem: problem.code,
      })
    default:
      return undefined
  }
}
