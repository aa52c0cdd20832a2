import type { Clock, Random } from '@neurovoyance/protocol'
import { wireSummary } from '../../consensus/wire/summary.js'
import type { Peer } from './peer.js'
import type { GossipDriver } from './ports.js'
import type { GossipSettings } from './settings.js'

/** Peers that are asked at once for what lacks. */
const ASKED = 3

/** What questions are made from. */
export interface QuestionsInit {
  readonly peers: ReadonlyMap<string, Peer>
  readonly clock: Clock
  readonly random: Random
  readonly settings: Pick<GossipSettings, 'stallMs' | 'maxStallMs'>
}

/** Asks for what consensus lacks: in a new round at once, else the more seldom the longer nothing happens. */
export class Questions {
  readonly #init: QuestionsInit
  #position = ''
  #askedAt = 0
  #waitMs: number

  constructor(init: QuestionsInit) {
    this.#init = init
    this.#waitMs = init.settings.stallMs
  }

  /** Looks where consensus is, and asks where it does not go on. */
  tick(driver: GossipDriver): void {
    const { clock, settings } = this.#init
    const { height, round, step } = driver.state
    const position = `${height}/${round}/${step}`
    const now = clock.monotonicMs()
    if (position !== this.#position) {
      this.#position = position
      this.#waitMs = settings.stallMs
      if (round <= 0) {
        this.#askedAt = now
        return
      }
    } else if (now - this.#askedAt < this.#waitMs) {
      return
    } else {
      this.#waitMs = Math.min(settings.maxStallMs, this.#waitMs * 2)
    }
    this.#askedAt = now
    this.#ask(driver)
  }

  /** Tells some peers who may have it what this node has: they answer with the rest. */
  #ask(driver: GossipDriver): void {
    const { peers, random } = this.#init
    const { height } = driver.state
    const able = [...peers.values()].filter(
      ({ outbox, head }) => outbox !== undefined && (head === undefined || head.height + 1 >= height),
    )
    const summary = wireSummary(driver.summary())
    for (let left = ASKED; left > 0 && able.length > 0; left--) {
      const [peer] = able.splice(Math.floor(random.float() * able.length), 1)
      peer!.outbox!.summary(summary)
    }
  }
}
