import {
  Candidates,
  Elections,
  ExitAccount,
  LIMITS,
  NodeRecord,
  type Purse,
  StakerRecord,
  ValidatorRecord,
} from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'

const MOST = (1n << 63n) - 1n
const TIME = Number.MAX_SAFE_INTEGER
const key = new Uint8Array(32).fill(255)
const many = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value)

const lots = many(LIMITS.lots, { month: 0xffff_ffff, amount: MOST })
const purse: Purse = { liquid: MOST, earned: lots, granted: MOST }
const liability = { validator: key, since: TIME, until: TIME, slashes: LIMITS.slashes, endsMs: TIME }

/** A record that is too large would stop the ledger when a block ends: the largest ones have room. */
describe('the largest records of staking, nodes and exit have room', () => {
  it.each([
    [
      'a staker',
      StakerRecord,
      {
        bonds: many(LIMITS.bonds, {
          liability,
          purse,
          rewardIndex: MOST,
          past: many(LIMITS.liabilities, liability),
        }),
        unbonding: many(LIMITS.unbondings, {
          purse,
          endsMs: TIME,
          exit: true,
          liabilities: many(LIMITS.unbondingLiabilities, liability),
        }),
      },
    ],
    [
      'a validator',
      ValidatorRecord,
      {
        owner: key,
        commission: 1_000_000,
        commissionEpoch: TIME,
        seasoned: MOST,
        seasonedUntil: TIME,
        joined: many(LIMITS.evidenceEpochs, { epoch: TIME, amount: MOST }),
        bonds: 0xffff_ffff,
        rewardIndex: MOST,
        rewards: MOST,
        carry: MOST,
        jailedUntilMs: TIME,
        tombstoned: true,
        slashes: many(LIMITS.slashes, { epoch: TIME, share: 1_000_000, rewardIndex: MOST }),
      },
    ],
    [
      'a node',
      NodeRecord,
      {
        owner: key,
        capabilities: key,
        stake: purse,
        unbonding: many(LIMITS.unbondings, { purse, sinceMs: TIME, endsMs: TIME }),
        retired: true,
      },
    ],
    ['candidates', Candidates, { validators: many(LIMITS.candidates, key) }],
    [
      'elections',
      Elections,
      { elections: many(LIMITS.elections, { height: TIME, epoch: TIME, timeMs: TIME, set: TIME }) },
    ],
    [
      'an account in the queue',
      ExitAccount,
      {
        positions: many(LIMITS.exitPositions, {
          cohort: TIME,
          start: TIME,
          lots,
          tribute: MOST,
          paid: MOST,
        }),
      },
    ],
  ])('%s', (_, codec: { encode(value: never): Uint8Array; decode(bytes: Uint8Array): unknown }, value) => {
    const bytes = codec.encode(value as never)
    expect(codec.decode(bytes)).toEqual(value)
  })
})
