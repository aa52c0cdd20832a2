import type { SeededRandom } from '@neurovoyance/testing/network'

/** What a washer can do. */
export const MOVES = [
  'open',
  'topUp',
  'settle',
  'spray',
  'close',
  'requestClose',
  'withdraw',
  'post',
  'accept',
  'refund',
  'claim',
  'transfer',
  'grant',
  'bond',
  'unbond',
  'unbondToExit',
  'claimStake',
  'exit',
  'claimExit',
  'cancelExit',
  'wait',
  'waitEpoch',
] as const

/** One move: who, with whom, about which of his channels or jobs, and how much. */
export interface Move {
  readonly kind: (typeof MOVES)[number]
  readonly from: number
  readonly to: number
  /** Which channel or job, counted from the newest. */
  readonly nth: number
  /** How much, as a share of what there is; tiny ones are amounts in base units. */
  readonly share: number
  /** What is offered to the proposer, for each unit of weight. */
  readonly tip: number
}

/** Moves in the order in which they are made. */
export type Strategy = readonly Move[]

const LONGEST = 120

function drawMove(random: SeededRandom): Move {
  return {
    kind: random.pick(MOVES),
    from: random.int(5),
    to: random.int(5),
    nth: random.chance(0.6) ? 0 : random.int(6),
    share: random.pick([1, 1, 0.99, 0.5, random.float(), 1e-9, 7e-9, 9e-8]),
    tip: random.chance(0.1) ? random.int(4) : 0,
  }
}

/** Ways of paying oneself, as far as one needs to know the rules for them. */
const WAYS: readonly Move['kind'][][] = [
  ['open', 'settle', 'close'],
  ['open', 'spray', 'close'],
  ['open', 'settle', 'topUp', 'settle'],
  ['open', 'settle', 'requestClose', 'waitEpoch', 'withdraw'],
  ['post', 'accept', 'accept', 'refund'],
  ['open', 'settle', 'close', 'exit', 'waitEpoch', 'claimExit', 'transfer'],
  ['bond', 'waitEpoch', 'open', 'settle', 'waitEpoch', 'claimStake', 'unbond', 'close'],
]

/** A cycle of paying oneself, which a random strategy may or may not contain. */
function drawCycle(random: SeededRandom): Move[] {
  const pay = drawMove(random)
  const cycle = random.pick(WAYS).map((kind): Move => ({ ...pay, kind, nth: 0 }))
  return random.chance(0.5) ? [...cycle, { ...pay, kind: 'waitEpoch' }] : cycle
}

/** A strategy out of nothing. */
export function drawStrategy(random: SeededRandom): Strategy {
  const moves: Move[] = []
  const length = 5 + random.int(60)
  while (moves.length < length) moves.push(...(random.chance(0.3) ? drawCycle(random) : [drawMove(random)]))
  return moves.slice(0, LONGEST)
}

/** A strategy like another. */
export function varied(strategy: Strategy, random: SeededRandom): Strategy {
  const moves = [...strategy]
  for (let change = 0; change < 1 + random.int(4); change++) {
    const at = random.int(moves.length + 1)
    const how = random.int(5)
    if (how === 0) moves.splice(at, random.int(4))
    else if (how === 1) moves.splice(at, 0, drawMove(random))
    else if (how === 2) moves.splice(at, 0, ...drawCycle(random))
    else if (how === 3) moves.splice(at, 0, ...moves.slice(random.int(moves.length + 1)).slice(0, 12))
    else if (moves[at] !== undefined) moves[at] = { ...drawMove(random), kind: moves[at].kind }
  }
  return moves.slice(0, LONGEST)
}
