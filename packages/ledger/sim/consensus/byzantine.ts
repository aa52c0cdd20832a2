import {
  type Message,
  NIL,
  type Part,
  type Proposal,
  SOUND_RULES,
  type Vote,
  type VoteType,
  wholeCandidate,
} from '@neurovoyance/ledger/consensus'
import type { SeededRandom } from '@neurovoyance/testing/network'
import { encodeBlock } from './block.ts'
import type { Misdeed } from './plan.ts'
import type { SimNode, Temper, World } from './world.ts'

/** How often a faulty validator with nothing better to do sends votes for rounds to come. */
const SPAM_EVERY_MS = 400

/** A faulty validator: runs the core without its rules, and says what it likes, each to whom it likes. */
export function createTemper(world: World, random: SeededRandom, misdeeds: readonly Misdeed[]): Temper {
  const does = (misdeed: Misdeed, chance = 0.5): boolean =>
    misdeeds.includes(misdeed) && random.chance(chance)

  function tell(node: SimNode, peer: number, message: Message): void {
    if (peer === node.index || does('withhold', 0.3)) return
    world.network.send(node.index, peer, () => world.nodes[peer]!.hear(node.index, message))
  }

  function tellAll(node: SimNode, message: Message, isToldTo: (peer: number) => boolean = () => true): void {
    for (const { index } of world.nodes) if (isToldTo(index)) tell(node, index, message)
  }

  /** A block that somebody proposed at this height, nil, or one that nobody did. */
  function anyBlock(height: number): string {
    const known = [...(world.blocks.get(height)?.keys() ?? [])]
    return random.pick([NIL, '00'.repeat(32), ...known, ...known])
  }

  function vote(node: SimNode, type: VoteType, height: number, round: number, blockId: string): Vote {
    const isFree = type === 'prevote' && blockId !== NIL && does('lie-about-valid-round')
    const validRound = isFree ? random.int(round + 1) - 1 : -1
    return { type, height, round, blockId, validRound, validator: node.plan.id, signature: world.sign() }
  }

  /** The one sound validator who alone hears certain precommits: he may decide what nobody else can see. */
  function favourite(height: number): number {
    const sound = world.nodes.filter(({ plan }) => !plan.isFaulty)
    return sound[height % sound.length]!.index
  }

  /** Just so many, with the favourite, that they and the faulty are a quorum. */
  function barelyEnough(height: number): Set<number> {
    const power = (index: number): bigint => world.nodes[index]!.plan.power
    const faulty = world.nodes.filter(({ plan }) => plan.isFaulty).map(({ index }) => index)
    const others = world.nodes.map(({ index }) => index).filter(index => !faulty.includes(index))
    const total = world.genesis.totalPower
    const told = new Set([...faulty, favourite(height)])
    for (const index of random.shuffle(others)) {
      const sum = [...told].reduce((all, each) => all + power(each), 0n)
      if (SOUND_RULES.isQuorum(sum, total)) break
      told.add(index)
    }
    return told
  }

  function speakVote(node: SimNode, own: Vote): void {
    const { type, height, round } = own
    const isOpen = !world.oracle.decided.has(height)
    if (type === 'precommit' && own.blockId !== NIL && isOpen && does('favour-one', 0.95)) {
      tell(node, favourite(height), { type: 'vote', vote: own })
      return
    }
    const isLie = own.blockId !== NIL && type === 'prevote' && does('lie-about-valid-round')
    const honest = isLie ? vote(node, type, height, round, own.blockId) : own
    if (!does('equivocate')) {
      tellAll(node, { type: 'vote', vote: honest })
      return
    }
    const other = vote(node, type, height, round, anyBlock(height))
    for (const { index } of world.nodes)
      tell(node, index, { type: 'vote', vote: random.chance(0.5) ? honest : other })
  }

  function speakProposal(node: SimNode, own: Proposal): void {
    const { height, round } = own
    const isOpen = !world.oracle.decided.has(height)
    if (isOpen && does('partial-proposals', 0.8)) {
      const told = barelyEnough(height)
      propose(node, own, world.blocks.get(height)!.get(own.blockId)!, peer => told.has(peer))
    } else if (does('fresh-proposals', 0.8)) {
      propose(node, { ...own, validRound: -1 }, block(node, height, true))
    } else if (does('two-proposals')) {
      const half = new Set(
        random.shuffle(world.nodes.map(({ index }) => index)).slice(world.nodes.length / 2),
      )
      propose(node, own, block(node, height, true), peer => half.has(peer))
      tellAll(node, { type: 'proposal', proposal: own }, peer => !half.has(peer))
    } else if (does('bad-proposals', 0.3)) {
      if (random.chance(0.5)) propose(node, own, block(node, height, false))
      else tellAll(node, { type: 'proposal', proposal: { ...own, total: own.total + 1 } })
    } else if (does('stale-proposals')) {
      const known = [...(world.blocks.get(height)?.values() ?? [])]
      const old = random.pick(known)
      propose(node, { ...own, validRound: random.int(round + 1) - 1 }, old)
    } else tellAll(node, { type: 'proposal', proposal: own })
  }

  function block(node: SimNode, height: number, valid: boolean) {
    const timeMs = Math.round(world.clock.nowMs())
    const padding = String(random.int(1_000_000))
    const { headerHash, bytes } = encodeBlock({
      height,
      builder: node.plan.id,
      timeMs,
      transactions: 0,
      valid,
      padding,
    })
    const made = wholeCandidate(height, headerHash, bytes, world.settings.bounds.partBytes)
    if (valid) world.blocks.get(height)?.set(made.blockId, made)
    return made
  }

  function propose(
    node: SimNode,
    like: Proposal,
    candidate: ReturnType<typeof wholeCandidate>,
    isToldTo?: (peer: number) => boolean,
  ): void {
    const { blockId, headerHash, partsRoot, parts } = candidate
    const total = parts.length
    const proposal = { ...like, blockId, headerHash, partsRoot, total, signature: world.sign() }
    tellAll(node, { type: 'proposal', proposal }, isToldTo)
    for (const part of parts) tellAll(node, { type: 'part', part: part! }, isToldTo)
  }

  function speakPart(node: SimNode, part: Part): void {
    if (misdeeds.includes('partial-proposals')) return
    if (does('bad-proposals', 0.1)) {
      const bytes = part.bytes.map(byte => byte ^ 1)
      tellAll(node, { type: 'part', part: { ...part, bytes } })
    } else tellAll(node, { type: 'part', part })
  }

  /** Agrees with everybody: whoever votes for a block hears the same vote, and the precommit for it. */
  function echo(node: SimNode, from: number, heard: Vote): void {
    const { height, round, blockId } = heard
    for (const type of ['prevote', 'precommit'] as const)
      if (random.chance(0.8))
        tell(node, from, { type: 'vote', vote: vote(node, type, height, round, blockId) })
  }

  function spam(node: SimNode): void {
    world.clock.after(SPAM_EVERY_MS, () => spam(node))
    if (!does('spam-future-rounds', 0.7)) return
    const height = node.state.height + random.int(3) - 1
    const round = Math.max(0, node.state.round) + random.int(random.pick([3, 1_000]))
    const type = random.pick(['prevote', 'precommit'] as const)
    tellAll(node, { type: 'vote', vote: vote(node, type, height, round, anyBlock(height)) })
  }

  if (misdeeds.includes('spam-future-rounds'))
    world.clock.after(SPAM_EVERY_MS, () => {
      for (const node of world.nodes) if (node.plan.misdeeds === misdeeds) spam(node)
    })

  return {
    speak(node, message) {
      if (message.type === 'vote') speakVote(node, message.vote)
      else if (message.type === 'proposal') speakProposal(node, message.proposal)
      else if (message.type === 'part') speakPart(node, message.part)
    },
    hear(node, from, message) {
      if (message.type !== 'vote' || message.vote.validator === node.plan.id) return true
      const { type, blockId } = message.vote
      // Echoes of echoes would never end.
      if (!world.nodes[from]!.plan.isFaulty && does('echo', 0.6)) echo(node, from, message.vote)
      // Who shows a decision to one only stays with the others.
      return type === 'prevote' || blockId === NIL || !does('favour-one', 0.9)
    },
  }
}
