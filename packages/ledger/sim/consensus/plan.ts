import type { ValidatorUpdate } from '@neurovoyance/ledger/consensus'
import { createSeededRandom, type SeededRandom } from '@neurovoyance/testing/network'

/** What a faulty validator may do; each does some of it. */
export const MISDEEDS = [
  'equivocate',
  'echo',
  'withhold',
  'forget-lock',
  'lie-about-valid-round',
  'spam-future-rounds',
  'bad-proposals',
  'two-proposals',
  'stale-proposals',
  'fresh-proposals',
  'partial-proposals',
  'favour-one',
] as const
export type Misdeed = (typeof MISDEEDS)[number]

/** One node of a simulated cluster. */
export interface NodePlan {
  id: string
  /** Voting power at genesis; 0 for one that only follows, at first. */
  power: bigint
  /** Whether its power counts towards what may be faulty. */
  isFaulty: boolean
  /** Empty for whoever runs the sound program. */
  misdeeds: readonly Misdeed[]
  /** Its disk says that bytes are safe when they are not. */
  hasLyingDisk: boolean
  /** How fast its timers run. */
  rate: number
  /** How wrong its wall clock is. */
  skewMs: number
}

/** How messages fare while things go wrong. */
export interface Weather {
  loss: number
  duplication: number
  latencyMs: number
  jitterMs: number
  /** Share of messages that take up to a second longer, and so overtake each other. */
  strays: number
}

/** One run: everything that is drawn before it begins. */
export interface Plan {
  seed: number
  nodes: readonly NodePlan[]
  weather: Weather
  /** When everything heals. */
  healMs: number
  /** Mean time between partitions, and how long one lasts on average. */
  partitionEveryMs: number
  partitionForMs: number
  /** Mean time between crashes of a sound node. */
  crashEveryMs: number
  /** Chance of a crash at each of the points at which one would hurt. */
  crashPoint: number
  /** Chance that a crash damages what was safe in the log. */
  logDamage: number
  /** Chance that a crash takes every node down at once. */
  blackout: number
  /** Chance that the first to decide a height is cut off at once, before others hear of it. */
  isolation: number
  /** How often a node tells a peer what it has. */
  gossipEveryMs: number
  /** Mean time between transactions. */
  transactionEveryMs: number
  /** Changes of the validator set, by height. */
  updates: ReadonlyMap<number, readonly ValidatorUpdate[]>
}

/** Heights at which the validator set may change. */
const LAST_CHANGE = 12

/**
 * Attacks on a rule, by all of the faulty together: one validator alone gets to see a decision, and the others
 * are offered new blocks; or each half is offered a block of its own and hears nothing but agreement.
 */
const ATTACKS: readonly (readonly Misdeed[])[] = [
  ['favour-one', 'partial-proposals', 'fresh-proposals', 'forget-lock'],
  ['two-proposals', 'equivocate', 'echo'],
]

/** Draws a run from a seed. */
export function drawPlan(seed: number): Plan {
  const random = createSeededRandom(`consensus/${seed}`)
  const attack = random.chance(0.3) ? random.pick(ATTACKS) : undefined
  const nodes = drawNodes(random, attack)
  if (attack !== undefined) return drawAttack(seed, random, nodes)
  return {
    seed,
    nodes,
    weather: {
      loss: random.pick([0, 0.02, 0.1, 0.25]),
      duplication: random.pick([0, 0.05]),
      latencyMs: random.pick([2, 10, 40]),
      jitterMs: random.pick([2, 20, 100]),
      strays: random.pick([0, 0.01, 0.1]),
    },
    healMs: 3_000 + random.int(9_000),
    partitionEveryMs: random.pick([0, 0, 1_000, 4_000]),
    partitionForMs: random.pick([300, 1_000, 3_000]),
    isolation: random.pick([0, 0, 0.5, 1]),
    crashEveryMs: random.pick([0, 1_000, 3_000]),
    crashPoint: random.pick([0, 0.0005, 0.002]),
    logDamage: random.pick([0, 0.3, 0.8]),
    blackout: random.pick([0, 0, 0.1]),
    gossipEveryMs: 250,
    transactionEveryMs: random.pick([50, 300, 3_000]),
    updates: random.chance(0.4) ? drawUpdates(random, nodes) : new Map(),
  }
}

/** Fair weather, in which nothing but the attack and the timing of one cut goes wrong. */
function drawAttack(seed: number, random: SeededRandom, nodes: readonly NodePlan[]): Plan {
  return {
    seed,
    nodes,
    weather: {
      loss: random.pick([0, 0.05]),
      duplication: 0,
      latencyMs: random.pick([2, 10]),
      jitterMs: random.pick([2, 20, 100]),
      strays: 0,
    },
    healMs: 6_000 + random.int(6_000),
    partitionEveryMs: random.pick([0, 2_000]),
    partitionForMs: 1_000,
    isolation: 0.8,
    crashEveryMs: random.pick([0, 4_000]),
    crashPoint: 0,
    logDamage: 0.5,
    blackout: 0,
    gossipEveryMs: random.pick([250, 2_000]),
    transactionEveryMs: 50,
    updates: new Map(),
  }
}

function drawNodes(random: SeededRandom, attack: readonly Misdeed[] | undefined): NodePlan[] {
  const size = random.chance(0.5) ? 4 + random.int(4) : 4 + random.int(13)
  const followers = size < 15 && random.chance(0.3) ? 1 + random.int(2) : 0
  const drawPower = random.pick([
    () => 1n,
    () => BigInt(1 + random.int(100)),
    () => BigInt(Math.ceil(random.exponential(1_000))),
  ])
  const powers = Array.from({ length: size + followers }, (_, index) => (index < size ? drawPower() : 0n))
  const faulty = drawFaulty(random, powers, attack !== undefined)
  const conspiracy = attack ?? (random.chance(0.5) ? drawMisdeeds(random) : undefined)
  const maxSkewMs = random.pick([0, 50, 400])
  return powers.map((power, index) => {
    const isFaulty = faulty.has(index)
    const hasLyingDisk = isFaulty && attack === undefined && random.chance(0.25)
    const misdeeds = isFaulty && !hasLyingDisk ? [...(conspiracy ?? drawMisdeeds(random))] : []
    return {
      id: `v${String(index).padStart(2, '0')}`,
      power,
      isFaulty,
      misdeeds,
      hasLyingDisk,
      rate: 0.9 + 0.2 * random.float(),
      skewMs: Math.round((2 * random.float() - 1) * maxSkewMs),
    }
  })
}

/** Some misdeeds, few or many. */
function drawMisdeeds(random: SeededRandom): Misdeed[] {
  const share = random.pick([0.2, 0.5, 0.8])
  return MISDEEDS.filter(() => random.chance(share))
}

/** As much power below a third as a draw finds, or less. */
function drawFaulty(random: SeededRandom, powers: readonly bigint[], isAttack: boolean): Set<number> {
  const total = powers.reduce((sum, power) => sum + power, 0n)
  const most = isAttack || random.chance(0.8) ? powers.length : random.int(2)
  const faulty = new Set<number>()
  let sum = 0n
  for (const index of random.shuffle([...powers.keys()])) {
    const power = powers[index]!
    if (power === 0n || faulty.size >= most || 3n * (sum + power) >= total) continue
    faulty.add(index)
    sum += power
  }
  return faulty
}

/** Changes that leave the faulty below a third: sound nodes join, leave, or weigh more or less. */
function drawUpdates(random: SeededRandom, nodes: readonly NodePlan[]): Map<number, ValidatorUpdate[]> {
  const powers = new Map(nodes.map(({ id, power }) => [id, power]))
  const updates = new Map<number, ValidatorUpdate[]>()
  for (let height = 1; height <= LAST_CHANGE; height++) {
    if (!random.chance(0.4)) continue
    const { id } = random.pick(nodes.filter(({ isFaulty }) => !isFaulty))
    const before = powers.get(id)!
    const power = random.chance(0.3) ? 0n : BigInt(1 + random.int(Number(before) * 2 + 10))
    powers.set(id, power)
    const total = [...powers.values()].reduce((sum, each) => sum + each, 0n)
    const faulty = nodes.filter(node => node.isFaulty).reduce((sum, node) => sum + powers.get(node.id)!, 0n)
    const sound = [...powers.values()].filter(each => each > 0n).length
    if (3n * faulty < total && sound >= 4 && power !== before) updates.set(height, [{ id, power }])
    else powers.set(id, before)
  }
  return updates
}
