import { DEFAULT_SETTINGS, genesisSet, type Settings, SOUND_RULES } from '@neurovoyance/ledger/consensus'
import { createSeededRandom, type SeededRandom } from '@neurovoyance/testing/network'
import { BROKEN_RULES, type BrokenRule } from './broken.ts'
import { createTemper } from './byzantine.ts'
import { createSimClock } from './clock.ts'
import { createSimNetwork } from './network.ts'
import { createSimNode } from './node.ts'
import { createOracle } from './oracle.ts'
import { drawPlan, type Plan } from './plan.ts'
import type { SimNode, World } from './world.ts'

/** What came of a run. */
export interface Outcome {
  seed: number
  /** What must not have happened, in words; empty where all is well. */
  violations: readonly string[]
  /** How the cluster was made and how far it came. */
  figures: {
    nodes: number
    faulty: number
    heights: number
    highestRound: number
    messages: number
    crashes: number
    restored: number
    logDamages: number
    doubleVotes: number
    amnesias: number
    /** 1 where a block that somebody is locked on is on no disk any more: the cluster is safe and stands still. */
    lostBlocks: number
    /** Virtual time from healing until everyone had decided three more blocks. */
    recoveryMs: number
    virtualMs: number
  }
}

/** What to simulate. */
export interface SimulateInit {
  seed: number
  /** Runs the cluster with one rule broken, which is to be caught. */
  broken?: BrokenRule | undefined
  /** Whether only forks count. */
  forksOnly?: boolean
  /** Gets a line for everything that happens. */
  trace?: ((line: string) => void) | undefined
}

/** Blocks that everyone has to decide after everything is healed. */
const BLOCKS_AFTER_HEALING = 3

/** By when. Rounds of a cluster that was cut for long are long; faulty proposers waste some. */
const RECOVERY_LIMIT_MS = 120_000

/** How often a node tells a peer what it has when all is well. */
const HEALED_GOSSIP_EVERY_MS = 250

/** Short, so that a few virtual seconds are many rounds. */
const TIMEOUTS = {
  proposeMs: 250,
  proposeIncreaseMs: 120,
  prevoteMs: 120,
  prevoteIncreaseMs: 80,
  precommitMs: 120,
  precommitIncreaseMs: 80,
  commitMs: 60,
  skipCommitWhenAllVoted: true,
  heartbeatMs: 1_500,
}

/** Runs a cluster from its first to its last virtual second: first everything goes wrong, then it heals. */
export function simulateConsensus({ seed, ...init }: SimulateInit): Outcome {
  const plan = drawPlan(seed)
  const world = createWorld(plan, init)
  const { clock, oracle } = world
  for (const node of world.nodes) node.start()
  goWrong(world)
  clock.runUntil(() => oracle.violations.length > 0, plan.healMs)
  const violatedEarly = oracle.violations.length > 0
  let recoveryMs = 0
  if (!violatedEarly) {
    const healedMs = clock.nowMs()
    heal(world)
    recover(world)
    recoveryMs = clock.nowMs() - healedMs
  }
  return outcomeOf(world, recoveryMs)
}

function createWorld(plan: Plan, { broken, forksOnly = false, trace }: Omit<SimulateInit, 'seed'>): World {
  const clock = createSimClock()
  const random = createSeededRandom(`consensus/${plan.seed}/run`)
  const settings: Settings = {
    timeouts: TIMEOUTS,
    bounds: { ...DEFAULT_SETTINGS.bounds, partBytes: 64 },
    rules: broken === undefined ? SOUND_RULES : BROKEN_RULES[broken],
  }
  let signatures = 0
  const world: World = {
    plan,
    clock,
    random,
    settings,
    network: createSimNetwork(clock, random.fork('network'), plan.weather),
    oracle: createOracle({ nodes: plan.nodes, isQuorum: settings.rules.isQuorum, forksOnly }),
    nodes: [],
    genesis: genesisSet(plan.nodes.filter(({ power }) => power > 0n)),
    chaos: true,
    blocks: new Map(),
    onFirstDecision: index => isolate(world, index),
    updatesAt: height => plan.updates.get(height) ?? [],
    sign() {
      const signature = new Uint8Array(8)
      new DataView(signature.buffer).setUint32(0, ++signatures)
      return signature
    },
    trace: trace && ((who, what) => trace(`${clock.nowMs().toFixed(1).padStart(9)} ${who} ${what}`)),
  }
  addNodes(world)
  return world
}

function addNodes(world: World): void {
  const { plan, settings, random } = world
  const lawless = { ...settings, rules: { ...SOUND_RULES, maySign: () => true } }
  const forgetful = { ...lawless, rules: { ...lawless.rules, mayPrevote: () => true } }
  for (const [index, { id, misdeeds, isFaulty, hasLyingDisk }] of plan.nodes.entries()) {
    const isHostile = isFaulty && !hasLyingDisk
    const own = misdeeds.includes('forget-lock') ? forgetful : lawless
    const temper = isHostile ? createTemper(world, random.fork(`temper ${id}`), misdeeds) : undefined
    world.nodes.push(createSimNode(world, index, { self: id, settings: isHostile ? own : settings }, temper))
  }
}

/** Sets in motion all that happens to a cluster until it heals. */
function goWrong(world: World): void {
  const { plan, random } = world
  repeat(world, random.fork('partitions'), plan.partitionEveryMs, partition)
  repeat(world, random.fork('crashes'), plan.crashEveryMs, crash)
  const users = random.fork('users')
  const transact = (): void => {
    for (const node of world.nodes) if (users.chance(0.8)) node.addTransactions()
    world.clock.after(users.exponential(plan.transactionEveryMs), transact)
  }
  transact()
  for (const node of world.nodes) gossip(world, node.index, random.fork(`gossip ${node.index}`))
}

function repeat(
  world: World,
  random: SeededRandom,
  meanMs: number,
  what: (world: World, random: SeededRandom) => void,
): void {
  if (meanMs === 0) return
  world.clock.after(random.exponential(meanMs), () => {
    if (!world.chaos) return
    what(world, random)
    repeat(world, random, meanMs, what)
  })
}

function partition(world: World, random: SeededRandom): void {
  const groups = 2 + random.int(2)
  world.network.cut(world.nodes.map(() => random.int(groups)))
  world.trace?.('—', 'the network is cut')
  world.clock.after(random.exponential(world.plan.partitionForMs), () => {
    if (world.chaos) reconnect(world)
  })
}

/** The first to decide is alone with it: the worst moment for a cut. */
function isolate(world: World, index: number): void {
  const { plan, network, random, clock } = world
  if (!world.chaos || !random.chance(plan.isolation)) return
  world.trace?.('—', `${plan.nodes[index]!.id} is cut off`)
  network.cut(world.nodes.map(node => (node.index === index ? 1 : 0)))
  clock.after(random.exponential(plan.partitionForMs), () => {
    if (world.chaos) reconnect(world)
  })
}

function crash(world: World, random: SeededRandom): void {
  const sound = world.nodes.filter(({ plan }) => !plan.isFaulty || plan.hasLyingDisk)
  for (const node of random.chance(world.plan.blackout) ? sound : [random.pick(sound)]) node.crash()
}

/** A cut that ends makes new connections, and each begins with an exchange. */
function reconnect(world: World): void {
  world.network.join()
  for (const node of world.nodes)
    for (const peer of world.nodes) if (peer !== node) node.exchangeWith(peer.index)
}

/** Every node tells a peer what it has now and then. */
function gossip(world: World, index: number, random: SeededRandom): void {
  const node = world.nodes[index]!
  const everyMs = world.chaos ? world.plan.gossipEveryMs : HEALED_GOSSIP_EVERY_MS
  world.clock.after(everyMs * node.plan.rate * (0.5 + random.float()), () => {
    const peer = random.int(world.nodes.length)
    if (peer !== index) node.exchangeWith(peer)
    gossip(world, index, random)
  })
}

function heal(world: World): void {
  world.trace?.('—', 'everything heals')
  world.chaos = false
  world.network.heal()
  for (const node of world.nodes) node.start()
  reconnect(world)
}

/** Liveness: with everything healed but the faulty still at it, everyone goes on. */
function recover(world: World): void {
  const { clock, oracle } = world
  const sound = world.nodes.filter(({ plan }) => !plan.isFaulty)
  const target = Math.max(...sound.map(({ state }) => state.height)) + BLOCKS_AFTER_HEALING
  const isDone = (): boolean =>
    oracle.violations.length > 0 || sound.every(({ state }) => state.height >= target)
  if (clock.runUntil(isDone, clock.nowMs() + RECOVERY_LIMIT_MS)) return
  if (isBlockLost(world, sound)) return
  const stuck = sound.filter(({ state }) => state.height < target)
  const where = stuck.map(({ plan, state }) => `${plan.id} at ${state.height}/${state.round} ${state.step}`)
  oracle.violate(`liveness: ${BLOCKS_AFTER_HEALING} blocks were not decided: ${where.join(', ')}`)
}

/**
 * Whether a sound validator is locked on a block that nobody has any more: every log that had it lost what it had
 * said was safe. Then those who are locked can neither decide it nor vote for another, as it has to be.
 */
function isBlockLost(world: World, sound: readonly SimNode[]): boolean {
  const isDamaged = sound.some(({ counts }) => counts.damages > 0)
  const isLost =
    isDamaged &&
    sound.some(({ state: { lock, height } }) => {
      if (lock.round === -1) return false
      const has = ({ state }: SimNode): boolean =>
        state.height > height || state.candidates.get(lock.blockId)?.bytes !== undefined
      return !world.nodes.some(has)
    })
  if (isLost) world.oracle.counts.lostBlocks++
  return isLost
}

function outcomeOf({ plan, oracle, nodes, network, clock }: World, recoveryMs: number): Outcome {
  const sum = (what: 'crashes' | 'restored' | 'damages'): number =>
    nodes.reduce((total, { counts }) => total + counts[what], 0)
  return {
    seed: plan.seed,
    violations: oracle.violations,
    figures: {
      nodes: nodes.length,
      faulty: plan.nodes.filter(({ isFaulty }) => isFaulty).length,
      heights: oracle.decided.size,
      highestRound: oracle.counts.highestRound,
      messages: network.counts.sent,
      crashes: sum('crashes'),
      restored: sum('restored'),
      logDamages: sum('damages'),
      doubleVotes: oracle.counts.doubleVotes,
      amnesias: oracle.counts.amnesias,
      lostBlocks: oracle.counts.lostBlocks,
      recoveryMs: Math.round(recoveryMs),
      virtualMs: Math.round(clock.nowMs()),
    },
  }
}
