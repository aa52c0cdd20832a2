import { NETWORK_MODULES } from '@neurovoyance/ledger'
import { describe, expect, it } from 'vitest'
import { DEEDS } from '../../sim/together/deeds.ts'
import { live } from '../../sim/together/live.ts'

// The short form of `pnpm sim together --seeds 1..1000`; a failure names its seed.
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1)

const kinds = NETWORK_MODULES.flatMap(({ name, actions = {} }) =>
  Object.keys(actions).map(kind => `${name}/${kind}`),
)

describe('everybody doing anything on a whole ledger', () => {
  it('is tried with every kind of action that there is', () => {
    expect(Object.keys(DEEDS).sort()).toEqual(kinds.sort())
  })

  it('conserves coins and their kinds, strands none, lets out no more than the cap, goes on as another chain, and replays', () => {
    const done = new Set<string>()
    for (const seed of SEEDS) {
      try {
        for (const kind of live(seed).done.keys()) done.add(kind)
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error })
      }
    }
    // What never had its effect was not tested. The seeds are fixed: this is no matter of chance.
    expect([...done].sort()).toEqual([...kinds, 'double vote'].sort())
  })
})
