import type { Clock, ConsensusMessage, ConsensusSummary, Random } from '@neurovoyance/protocol'
import type { Message } from '../../consensus/core/message.js'
import { coreMessage } from '../../consensus/wire/message.js'
import { coreSummary, wireSummary } from '../../consensus/wire/summary.js'
import { isAuthentic, type VerifySignature } from '../../consensus/wire/verify.js'
import { judge } from './judge.js'
import { nameOf } from './message-name.js'
import { heightOf } from './outbox.js'
import { listeners, type Peer } from './peer.js'
import type { GossipDriver, NodeHead } from './ports.js'
import { Questions } from './questions.js'
import { RecentSet } from './recent.js'
import type { GossipSettings } from './settings.js'
import { rememberingVerifier } from './signatures.js'

/** Parts that a peer may send before their proposal, at one height. */
const UNFOUNDED_PARTS = 32
/** Parts of a peer that may not fit their proposal, at one height: as many as two blocks have. */
const UNFITTING_PARTS = 256
/** Proposals whose number of parts is remembered. */
const PROPOSALS = 64

/** What the talk about consensus is made from. */
export interface ConsensusTalkInit {
  chainId: string
  peers: ReadonlyMap<string, Peer>
  driver(): GossipDriver | undefined
  head(): NodeHead
  verify: VerifySignature
  penalise(peerId: string, reason: string): void
  clock: Clock
  random: Random
  settings: GossipSettings
}

/** Votes, proposals, parts and summaries: says one's own, hears others', passes theirs on. */
export class ConsensusTalk {
  readonly #init: ConsensusTalkInit
  readonly #verify: VerifySignature
  /** Messages that came a moment ago and may not be in the driver's state yet. */
  readonly #fresh = new RecentSet(16_384)
  readonly #proposed = new Map<string, number>()
  readonly #questions: Questions

  constructor(init: ConsensusTalkInit) {
    this.#init = init
    this.#verify = rememberingVerifier(init.verify)
    this.#questions = new Questions(init)
  }

  /** Tells every peer something of one's own. */
  broadcast(message: Message): void {
    if (message.type === 'proposal') this.#noteProposal(message)
    this.#tell(message)
  }

  /**
   * A peer said something: whatever is new, possible and signed goes to consensus, and on to who does not hear it.
   *
   * @throws LedgerError `LEDGER_BAD_CONSENSUS_MESSAGE` for a message that says nothing, or more than one thing
   */
  hear(peer: Peer, wire: ConsensusMessage): void {
    const message = coreMessage(wire)
    const driver = this.#init.driver()
    if (driver === undefined || !driver.wants(message)) return
    const name = nameOf(message)
    if (this.#fresh.has(name)) return
    const { chainId, penalise } = this.#init
    switch (judge(driver.state, message, this.#proposed)) {
      case 'impossible':
        penalise(peer.id, `a ${message.type} that cannot be`)
        return
      case 'unfitting':
        if (++peer.unfitting > UNFITTING_PARTS) penalise(peer.id, 'parts that do not fit')
        return
      case 'unfounded':
        // not passed on: nobody has signed for it
        if (++peer.unfounded <= UNFOUNDED_PARTS && this.#fresh.add(name)) driver.feed(message)
        return
      case 'useless':
        return
    }
    if (!isAuthentic(chainId, message, this.#verify)) {
      penalise(peer.id, `a ${message.type} with a wrong signature`)
      return
    }
    this.#fresh.add(name)
    if (message.type === 'proposal') this.#noteProposal(message)
    driver.feed(message)
    this.#tell(message, peer.id)
  }

  /** A peer said what it has: it is told what it lacks. */
  hearSummary(peer: Peer, wire: ConsensusSummary): void {
    const { outbox } = peer
    const driver = this.#init.driver()
    if (outbox === undefined) return
    const summary = coreSummary(wire)
    const head = this.#init.head()
    if (summary.height <= head.height) outbox.head(head)
    const { clock, settings } = this.#init
    const now = clock.monotonicMs()
    // what it was sent already may still be on its way
    if (driver === undefined || outbox.waiting > 0 || now - peer.answeredAt < settings.answerMs) return
    if (driver.state.height !== summary.height) return
    peer.answeredAt = now
    for (const message of driver.answer(summary, settings.answerParts)) outbox.message(message)
  }

  /** What a peer hears first: what this node has. */
  greet(peer: Peer): void {
    const driver = this.#init.driver()
    if (driver !== undefined) peer.outbox?.summary(wireSummary(driver.summary()))
  }

  /** A block was applied. */
  applied(): void {
    const { height } = this.#init.head()
    for (const peer of this.#init.peers.values()) {
      peer.unfounded = 0
      peer.unfitting = 0
      peer.outbox?.forgetBelow(height)
    }
  }

  /** Now and then: asks for what lacks. */
  tick(): void {
    this.#fresh.age()
    const driver = this.#init.driver()
    if (driver !== undefined) this.#questions.tick(driver)
  }

  #tell(message: Message, from?: string): void {
    const height = heightOf(message)
    const { peers } = this.#init
    const near = [...peers.values()].filter(({ head }) => head === undefined || isNear(head.height, height))
    for (const outbox of listeners(near, from)) outbox.message(message)
  }

  /** Parts are checked against proposals whose signature holds. */
  #noteProposal({ proposal }: Extract<Message, { type: 'proposal' }>): void {
    this.#proposed.set(proposal.partsRoot, proposal.total)
    if (this.#proposed.size > PROPOSALS) this.#proposed.delete(this.#proposed.keys().next().value as string)
  }
}

/** Whether a message about a height is of use to a node whose head may have moved on a little. */
function isNear(head: number, height: number): boolean {
  return height >= head && height <= head + 4
}
