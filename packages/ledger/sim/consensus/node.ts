import {
  afterSigning,
  answer,
  askSigner,
  type Beginning,
  type ConsensusEvent,
  type ConsensusState,
  type Effect,
  firstBeginning,
  type Identity,
  type Message,
  nextBeginning,
  recover,
  type SignerState,
  step,
  summarise,
  type Unsigned,
  votesOf,
  wholeCandidate,
} from '@neurovoyance/ledger/consensus'
import { decodeBlock, encodeBlock, isValidBlock } from './block.ts'
import { createSimDisk } from './disk.ts'
import { seesNothing } from './oracle.ts'
import { eventInWords, messageInWords } from './words.ts'
import type { SimNode, Temper, World } from './world.ts'

/** Times that machines need. */
const SYNC_MS = 2
const BUILD_MS = 5
const CHECK_MS = 3

const MAX_PARTS_IN_ANSWER = 16

/** How far a new block's stamp may be from a node's clock. */
const MAX_STAMP_DISTANCE_MS = 1_500

/** How long a machine is down. */
const DOWN_MS = 800

/** A node of the world that is not started yet. */
export function createSimNode(world: World, index: number, identity: Identity, temper?: Temper): SimNode {
  const { clock, oracle, network, plan: run } = world
  const plan = run.nodes[index]!
  const random = world.random.fork(plan.id)
  const disk = createSimDisk(random, { logDamage: run.logDamage, lies: plan.hasLyingDisk })
  const counts = { crashes: 0, restored: 0, damages: 0 }
  const given = new Set<string>()
  const { rules, bounds } = identity.settings
  let life = 0
  let isUp = false
  let hasGivenUp = false
  let state: ConsensusState
  let beginning: Beginning
  let signer: SignerState
  let inbox: ConsensusEvent[] = []
  let toSign: { id: string; message: Unsigned }[] = []
  let isSyncing = false
  let isSigning = false
  let waiting = 0
  let seen = seesNothing(given)

  /** Runs something later, unless the machine goes down before. */
  function later(delayMs: number, what: () => void): void {
    const then = life
    clock.after(delayMs, () => {
      if (then === life) what()
    })
  }

  /** A point at which a crash would hurt. */
  function crashesHere(): boolean {
    if (!world.chaos || temper !== undefined || !random.chance(run.crashPoint)) return false
    crash()
    return true
  }

  function feed(event: ConsensusEvent): void {
    if (!isUp) return
    inbox.push(event)
    drain()
  }

  /** Events go through the log, one after the other; one's own messages wait until the log is safe. */
  function drain(): void {
    while (isUp && !isSyncing) {
      const event = inbox.shift()
      if (event === undefined || crashesHere()) return
      disk.append(event)
      if (event.type !== 'persisted') {
        apply(event)
        continue
      }
      isSyncing = true
      later(SYNC_MS * random.float(), () => {
        disk.syncLog()
        isSyncing = false
        if (crashesHere()) return
        apply(event)
        drain()
      })
    }
  }

  function apply(event: ConsensusEvent): void {
    world.trace?.(plan.id, `← ${eventInWords(event)}`)
    if (event.type === 'vote' && isCounted(event.vote)) oracle.expectEvidence(seen, event.vote)
    const stepped = step(state, event)
    state = stepped.state
    for (const effect of stepped.effects) {
      if (crashesHere()) return
      carryOut(effect)
      if (!isUp) return
    }
    if (temper === undefined) oracle.checkEvidence(plan, seen)
  }

  function isCounted({ height, round }: { height: number; round: number }): boolean {
    if (height !== state.height || round > state.round + 1) return false
    return round >= state.round - bounds.pastRounds
  }

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'begin':
        beginning = effect.beginning
        disk.beginLog(beginning)
        seen = seesNothing(given)
        break
      case 'redeliver':
        inbox.push(...effect.messages)
        break
      case 'persist':
        toSign.push(effect)
        signNext()
        break
      case 'broadcast':
        world.trace?.(plan.id, `→ ${messageInWords(effect.message)}`)
        if (temper !== undefined) temper.speak(self, effect.message)
        else speak(effect.message)
        break
      case 'schedule':
        later(effect.delayMs * plan.rate, () => feed({ type: 'timeout', timeout: effect.timeout }))
        break
      case 'buildProposal':
        later(BUILD_MS * random.float(), () => build(effect.height, effect.round))
        break
      case 'checkProposal':
        later(CHECK_MS * random.float(), () => check(effect))
        break
      case 'decide':
        decide(effect)
        break
      case 'evidence': {
        const { evidence } = effect
        const { height } = evidence.type === 'amnesia' ? evidence.prevote : evidence.first
        given.add(`${height}/${evidence.validator}/${evidence.type}`)
        if (temper === undefined) oracle.onEvidence(plan, evidence)
      }
    }
  }

  function speak(message: Message): void {
    if (message.type !== 'part' && !plan.isFaulty) oracle.onLeave(plan, message, disk.readSigner()?.message)
    for (const peer of world.nodes) {
      if (peer.index === index) continue
      if (crashesHere()) return
      network.send(index, peer.index, () => peer.hear(index, message))
    }
  }

  /** One signature after the other: first on disk in the signer's state, then in the log, then counted. */
  function signNext(): void {
    const next = toSign[0]
    if (isSigning || next === undefined || !isUp) return
    toSign.shift()
    const { id, message } = next
    const decision = askSigner(signer, message, rules)
    if (decision.type === 'refuse') feed({ type: 'refused', id })
    else if (decision.type === 'repeat') feed({ type: 'persisted', id, signature: decision.signature })
    else {
      const signed = afterSigning(signer, message, world.sign())
      isSigning = true
      disk.writeSigner(signed)
      later(SYNC_MS * random.float(), () => {
        disk.syncSigner()
        signer = signed
        isSigning = false
        if (crashesHere()) return
        feed({ type: 'persisted', id, signature: signed.signature })
        signNext()
      })
      return
    }
    signNext()
  }

  function build(height: number, round: number): void {
    const block = {
      height,
      builder: plan.id,
      timeMs: Math.round(clock.nowMs() + plan.skewMs),
      transactions: waiting,
      valid: true,
      padding: 'x'.repeat(random.int(200)),
    }
    const built = encodeBlock(block)
    const blocks = world.blocks.get(height) ?? new Map()
    const candidate = wholeCandidate(height, built.headerHash, built.bytes, bounds.partBytes)
    world.blocks.set(height, blocks.set(candidate.blockId, candidate))
    feed({ type: 'built', height, round, ...built })
  }

  function check({ height, blockId, headerHash, bytes }: Extract<Effect, { type: 'checkProposal' }>): void {
    const stampMs = decodeBlock(bytes)?.timeMs ?? 0
    const timely = Math.abs(stampMs - clock.nowMs() - plan.skewMs) <= MAX_STAMP_DISTANCE_MS
    feed({ type: 'checked', height, blockId, valid: isValidBlock(height, headerHash, bytes), timely })
  }

  function decide(decision: Extract<Effect, { type: 'decide' }>): void {
    const { height, headerHash, bytes, commit } = decision
    if (temper === undefined) {
      if (!oracle.decided.has(height)) world.onFirstDecision(index)
      oracle.onDecide(plan, decision, state.validators)
    }
    disk.writeBlock({ beginning, headerHash, bytes, precommits: votesOf(commit) })
    if ((decodeBlock(bytes)?.transactions ?? 0) > 0) waiting = 0
    later(SYNC_MS * random.float(), () => {
      disk.syncBlock()
      if (crashesHere()) return
      feed({ type: 'applied', height, updates: world.updatesAt(height), wanted: waiting > 0 })
    })
  }

  function crash(): void {
    if (!isUp) return
    world.trace?.(plan.id, '✗ crashes')
    counts.crashes++
    goDown()
    disk.crash()
    counts.damages = disk.damages
    clock.after(random.exponential(DOWN_MS), () => self.start())
  }

  function goDown(): void {
    isUp = false
    life++
    inbox = []
    toSign = []
    isSyncing = false
    isSigning = false
  }

  /** Replays the log, then asks the signer whether it remembers more. */
  function start(): void {
    if (isUp || hasGivenUp) return
    isUp = true
    seen = seesNothing(given)
    const last = disk.blocks.at(-1)
    const expected =
      last === undefined
        ? firstBeginning(world.genesis)
        : nextBeginning(last.beginning, last.precommits, world.updatesAt(last.beginning.height), waiting > 0)
    signer = disk.readSigner()
    const recovery = recover({ expected, log: disk.readLog(), signer }, identity)
    if (recovery.type === 'stale') {
      giveUp()
      return
    }
    beginning = recovery.begin ?? disk.readLog()!.beginning
    if (recovery.begin !== undefined) disk.beginLog(recovery.begin)
    for (const event of recovery.events) disk.append(event)
    state = recovery.state
    if (recovery.restored > 0) counts.restored++
    world.trace?.(plan.id, `starts at ${state.height}/${state.round}`)
    for (const effect of recovery.effects) {
      if (!isUp) return
      carryOut(effect)
    }
    for (const peer of world.nodes) if (peer.index !== index) exchangeWith(peer.index)
  }

  /** Without a signer's state to trust, a validator says nothing any more. */
  function giveUp(): void {
    if (!plan.isFaulty) oracle.violate(`disk: ${plan.id} finds its signer's state older than its log`)
    hasGivenUp = true
    goDown()
  }

  function exchangeWith(peer: number): void {
    if (!isUp) return
    const summary = summarise(state)
    network.send(index, peer, () => world.nodes[peer]!.hearSummary(index, summary))
  }

  const self: SimNode = {
    index,
    plan,
    counts,
    get isUp() {
      return isUp
    },
    get hasGivenUp() {
      return hasGivenUp
    },
    get state() {
      return state
    },
    start,
    crash,
    feed,
    exchangeWith,
    hear(from, message) {
      if (!isUp) return
      if (temper?.hear(self, from, message) ?? true) feed(message)
    },
    hearSummary(from, summary) {
      if (!isUp) return
      const peer = world.nodes[from]!
      if (summary.height < state.height) {
        const stored = disk.blocks[summary.height - 1]
        if (stored === undefined) return
        const { headerHash, bytes, precommits } = stored
        network.send(index, from, () => peer.feed({ type: 'synced', headerHash, bytes, precommits }))
        return
      }
      const messages = answer(state, summary, MAX_PARTS_IN_ANSWER)
      if (messages.length > 0)
        network.send(index, from, () => {
          for (const message of messages) peer.hear(index, message)
        })
    },
    addTransactions() {
      waiting++
      feed({ type: 'transactions' })
    },
  }
  return self
}
