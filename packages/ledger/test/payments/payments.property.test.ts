import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Comparison } from './model/run.js'
import { anyStep } from './model/steps.js'

describe('channels, jobs, rewards and grants', () => {
  it('do what a plain model of them says, whatever is asked, and nothing is stranded in the end', () => {
    const codes = new Map<string, number>()
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 30, maxLength: 120, size: 'max' }),
        fc.constantFrom('payer' as const, 'payee' as const),
        (steps, by) => {
          const comparison = new Comparison()
          for (const step of steps) {
            const outcome = `${step.do} ${comparison.take(step) ?? 'done'}`
            codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
          }
          comparison.drain(by)
        },
      ),
      { numRuns: 150 },
    )
    // What never happened was not tested.
    const done = [...codes.keys()]
      .filter(outcome => outcome.endsWith(' done'))
      .map(outcome => outcome.split(' ')[0])
    expect(done.sort()).toEqual([
      'accept',
      'claim',
      'close',
      'give',
      'open',
      'post',
      'refund',
      'requestClose',
      'settle',
      'topUp',
      'wait',
      'withdraw',
    ])
    expect([...new Set([...codes.keys()].map(outcome => outcome.split(' ')[1]))].sort()).toEqual([
      'LEDGER_BAD_ACTION',
      'LEDGER_BAD_SIGNATURE',
      'LEDGER_CONFLICT',
      'LEDGER_FORBIDDEN',
      'LEDGER_INSUFFICIENT_FUNDS',
      'LEDGER_NOT_FOUND',
      'LEDGER_OVER_DEPOSIT',
      'LEDGER_STALE_VOUCHER',
      'LEDGER_TOO_EARLY',
      'LEDGER_TOO_LARGE',
      'LEDGER_TOO_SMALL',
      'LEDGER_WRONG_CHAIN',
      'done',
    ])
  })
})
