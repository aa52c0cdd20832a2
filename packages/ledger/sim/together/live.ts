import {
  actions,
  bytesOf,
  channels,
  EXIT_UNIT,
  earnedOf,
  idOf,
  jobs,
  NVY,
  nodes,
  stakers,
  voteBytes,
} from '@neurovoyance/ledger'
import { type Action, Evidence } from '@neurovoyance/protocol'
import { createSeededRandom, type SeededRandom } from '@neurovoyance/testing/network'
import { Audit, capOf } from './audit.ts'
import { type Member, nodeKeys, people, seal, validatorKeys } from './cast.ts'
import { DAY_MS, type Named, WholeChain } from './chain.ts'
import { DEEDS, rightful, type Try } from './deeds.ts'

/** What somebody does: an action, time that goes by, a validator that breaks the rules. */
type Step =
  | {
      readonly do: 'ask'
      readonly kinds: readonly string[]
      readonly tried: Try
      readonly paid: boolean
      readonly isRightful: boolean
      readonly tip: bigint
    }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'double vote'; readonly validator: number; readonly ago: number }

const KINDS = Object.keys(DEEDS)
/** Things that others rest on, more often: without channels and earnings most actions have nothing to do. */
const OFTEN = [
  'channels/open',
  'channels/settle',
  'channels/settle',
  'jobs/post',
  'jobs/accept',
  'nodes/bind',
  'staking/delegate',
  'exit/request',
]

function stepOf(random: SeededRandom): Step {
  const drawn = random.int(100)
  if (drawn < 18) return { do: 'wait', ms: random.pick([1_000, 3_600_000, DAY_MS, DAY_MS, 3 * DAY_MS]) }
  if (drawn < 19) return { do: 'double vote', validator: random.int(5), ago: random.int(40) }
  const kindOf = (): string => random.pick(random.chance(0.4) ? OFTEN : KINDS)
  const tried: Try = {
    who: random.int(people.length),
    other: random.int(people.length),
    first: random.int(60),
    second: random.int(60),
    some: BigInt(random.int(random.pick([3, 300, 3_000]))),
    more: BigInt(random.int(2_000)),
  }
  const kinds = random.chance(0.9) ? [kindOf()] : [kindOf(), kindOf()]
  return {
    do: 'ask',
    kinds,
    tried,
    paid: random.chance(0.1),
    isRightful: random.chance(0.8),
    tip: BigInt(random.int(3)),
  }
}

/** A chain on which everybody does anything. */
class Town {
  readonly chain: WholeChain
  readonly audit: Audit
  readonly named: Named
  /** How often each kind of action had its effect. */
  readonly done: Map<string, number>

  constructor(chain: WholeChain, before?: Town) {
    this.chain = chain
    this.audit = new Audit(chain, before?.audit.liquid)
    this.named = { channel: [...(before?.named.channel ?? [])], job: [...(before?.named.job ?? [])] }
    this.done = before?.done ?? new Map()
  }

  take(step: Step): void {
    if (step.do === 'wait') this.wait(step.ms)
    else if (step.do === 'double vote') this.#doubleVote(step.validator, step.ago)
    else {
      const { tried, kinds } = step
      const anybody = people[tried.who]!
      const begun = { ...tried, chain: this.chain, named: this.named, me: anybody }
      const me = step.isRightful ? rightful(kinds[0]!, begun) : anybody
      const scene = { ...begun, me }
      const payer = step.paid ? people[tried.other]! : me
      const code = this.ask(
        me,
        kinds.map(kind => DEEDS[kind]!(scene)),
        payer,
        step.tip,
      )
      if (code === undefined) for (const kind of kinds) this.done.set(kind, (this.done.get(kind) ?? 0) + 1)
    }
  }

  ask(me: Member, asked: readonly Action[], payer: Member = me, tip = 0n): string | undefined {
    const { receipts } = this.#block(1, () =>
      this.chain.block([this.chain.transaction(me, asked, payer, tip)]),
    )
    const [receipt] = receipts
    for (const { kind, fields } of receipt!.events) {
      if (kind === 'channels/opened') this.named.channel.push(String(fields.channel))
      if (kind === 'jobs/posted') this.named.job.push(String(fields.job))
    }
    return receipt!.code
  }

  /** Time goes by, an epoch a block at most. */
  wait(ms: number): void {
    for (let left = ms; left > 0; left -= DAY_MS) {
      const step = Math.min(left, DAY_MS)
      this.#block(step, () => this.chain.block([], step))
    }
  }

  #doubleVote(validator: number, ago: number): void {
    const { chain } = this
    const key = validatorKeys[validator]!
    const height = Math.max(1, chain.height - ago)
    const [first, second] = [1, 2].map(block => {
      const body = { type: 'precommit' as const, height, round: 0, block: new Uint8Array(32).fill(block) }
      return { body, validator: key, signature: seal(key, voteBytes(chain.machine.chainId, body)) }
    })
    const evidence = Evidence.encode({ doubleVote: { first: first!, second: second! } })
    const { events } = this.#block(1, () => chain.block([], 1, [evidence]))
    if (events.some(({ kind }) => kind === 'evidence/punished'))
      this.done.set('double vote', (this.done.get('double vote') ?? 0) + 1)
  }

  #block(afterMs: number, make: () => ReturnType<WholeChain['block']>) {
    const cap = capOf(this.chain, afterMs)
    const applied = make()
    this.audit.checkBlock(applied, cap)
    return applied
  }

  /** Everybody takes everything out of everything; what stays where it was is stranded. */
  leave(): void {
    const { chain, named } = this
    for (const id of named.channel) {
      const channel = channels.get(chain.draft, id)
      if (channel === undefined || channel.closeRequestedAtMs !== undefined) continue
      this.ask(byId(idOf(channel.payer)), [actions.requestChannelClose(bytesOf(id))])
    }
    this.wait(25 * DAY_MS)
    for (const id of named.channel) {
      const channel = channels.get(chain.draft, id)
      if (channel !== undefined)
        this.ask(byId(idOf(channel.payer)), [actions.withdrawFromChannel(bytesOf(id))])
    }
    for (const id of named.job) {
      const job = jobs.get(chain.draft, id)
      if (job !== undefined) this.ask(byId(idOf(job.poster)), [actions.refundJob(bytesOf(id))])
    }
    for (const key of nodeKeys) {
      const node = nodes.get(chain.draft, idOf(key))
      if (node !== undefined && !node.retired) this.ask(byId(idOf(node.owner)), [actions.retireNode(key)])
    }
    for (const one of people) {
      this.ask(one, [actions.claimRewards(one.address)])
      this.ask(one, [actions.claimStakingRewards()])
      for (const key of validatorKeys) {
        const bonds = (stakers.get(chain.draft, one.id)?.bonds ?? []).filter(
          ({ liability }) => idOf(liability!.validator) === idOf(key),
        )
        if (bonds.length === 0) continue
        const liquid = bonds.reduce((sum, { purse }) => sum + purse!.liquid, 0n)
        const earned = bonds.reduce((sum, { purse }) => sum + earnedOf(purse!), 0n)
        const code = this.ask(one, [actions.unbond(key, { liquid, earned, exit: true })])
        if (code !== undefined) throw new Error(`${one.name} cannot leave a validator: ${code}`)
      }
    }
    // unbonding, then half a year of vesting, then what vested goes through the queue
    this.wait(220 * DAY_MS)
    for (const one of people) {
      // what has vested is counted as that when its account is touched
      this.ask(one, [actions.claimExit()])
      const earned = earnedOf(chain.account(one).purse)
      // the fee is paid out of earned coins first
      const most = earned - NVY / 20n
      const amount = most - (most % EXIT_UNIT)
      if (amount < NVY / 10n) continue
      const code = this.ask(one, [actions.requestExit(amount)])
      if (code !== undefined) throw new Error(`${one.name} cannot leave with ${amount}: ${code}`)
    }
    this.wait(80 * DAY_MS)
    // whoever made a transaction in between has what it paid out again; it is released by now
    for (const kind of ['bonded', 'unbonding', 'queued', 'escrow', 'vesting']) {
      const stranded = chain.held(kind)
      if (stranded !== 0n) throw new Error(`${stranded} base units are stranded: ${kind}`)
    }
    for (const one of people) {
      const earned = earnedOf(chain.account(one).purse)
      if (earned >= NVY / 5n) throw new Error(`${one.name} has ${earned} earned coins that did not get out`)
    }
  }
}

const byId = (id: string): Member => people.find(person => person.id === id)!

/** What is another chain's in a state: elections by height, and ids that are hashes of the chain's name. */
const isOfItsChain = (key: string): boolean =>
  /^(staking\/elections|staking\/sets\/|channels\/|jobs\/)/.test(key)

/** What two states have in common, and how many of the rest there are. */
function comparable(chain: WholeChain): string {
  const lines = [...chain.values].map(([key, value]) => {
    const text = idOf(value)
    if (!isOfItsChain(key)) return `${key}=${text}`
    // records that are the same under other names
    return key.startsWith('staking/') ? '' : `${key.split('/')[0]}=${text}`
  })
  return lines
    .filter(line => line !== '')
    .sort()
    .join('\n')
}

/** What came of a life. */
export interface Lived {
  /** How often each kind of action had its effect. */
  readonly done: ReadonlyMap<string, number>
  readonly blocks: number
}

/**
 * One life of the town: random steps in a first chain, whose state another chain goes on from; both take the same
 * steps and have to stay alike; everybody leaves; and all is replayed. Throws what does not hold.
 */
export function live(seed: number, steps = 120): Lived {
  const random = createSeededRandom(`together ${seed}`)
  const town = new Town(WholeChain.begin('together-1'))
  for (let step = 0; step < steps; step++) town.take(stepOf(random))
  town.audit.checkHoldings()
  const other = new Town(town.chain.continuedAs('together-2'), town)
  if (comparable(other.chain) !== comparable(town.chain)) throw new Error('the state that goes on is another')
  for (let step = 0; step < steps / 2; step++) {
    const taken = stepOf(random)
    // a vote of one chain is nothing on another
    if (taken.do === 'double vote') continue
    town.take(taken)
    other.take(taken)
  }
  if (comparable(other.chain) !== comparable(town.chain))
    throw new Error('the chain that goes on went another way')
  town.leave()
  town.audit.checkHoldings()
  other.leave()
  if (town.chain.replayed().root() !== town.chain.root()) throw new Error('a replay has another root')
  return { done: town.done, blocks: town.chain.height + other.chain.height }
}
