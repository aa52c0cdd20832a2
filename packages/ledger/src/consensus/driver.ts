import { type Clock, type Logger, silentLogger } from '@neurovoyance/protocol'
import type { Beginning, Identity } from './core/beginning.js'
import type { Effect } from './core/effect.js'
import type { ConsensusEvent } from './core/event.js'
import type { Evidence } from './core/evidence.js'
import { answer, type Summary, summarise } from './core/exchange.js'
import type { Message, Unsigned } from './core/message.js'
import { recover } from './core/recover.js'
import { afterSigning, askSigner } from './core/signer.js'
import type { ConsensusState } from './core/state.js'
import { step } from './core/step.js'
import type { ValidatorUpdate } from './core/validators.js'
import { wants } from './core/wants.js'
import type { EventLog } from './disk/event-log.js'
import type { SignerFile } from './disk/signer-file.js'
import { consensusError } from './errors.js'
import { signedBytesOf } from './wire/signed-bytes.js'

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>

/** Events that may wait for the disk. More messages of others are dropped: the exchange brings them again. */
const MAX_WAITING = 4_096

const FROM_OTHERS: ReadonlySet<ConsensusEvent['type']> = new Set([
  'proposal',
  'part',
  'vote',
  'certificate',
  'synced',
])

/** What decides about blocks: the ledger. */
export interface Application {
  /** Makes a block for a round. */
  build(request: EffectOf<'buildProposal'>): Promise<{ headerHash: string; bytes: Uint8Array }>
  /** Whether a block may be decided, and whether its stamp is near the clock. */
  check(request: EffectOf<'checkProposal'>): Promise<{ valid: boolean; timely: boolean }>
  /** Stores and applies a block; resolves when that is on disk. */
  decide(decision: EffectOf<'decide'>): Promise<{ updates: readonly ValidatorUpdate[]; wanted: boolean }>
}

/** What a driver is made from. */
export interface DriverInit {
  chainId: string
  identity: Identity
  /** What the height after the last stored block begins with (`firstBeginning`, `nextBeginning`). */
  expected: Beginning
  log: EventLog
  signer: SignerFile
  /** Signs with the validator's key. */
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  application: Application
  /** Tells every validator. */
  broadcast(message: Message): void
  onEvidence(evidence: Evidence): void
  /** The driver stopped because a disk, the key or the application failed; going on might break a promise. */
  onFailure(error: unknown): void
  clock: Clock
  /** Silent when left out. */
  logger?: Logger
}

/** A validator at work: carries out what the core asks for, on real disks and timers. */
export interface Driver {
  readonly state: ConsensusState
  /** Whether a message is worth the verification of its signatures. */
  wants(message: Message): boolean
  /** Something that happened; messages with their signatures verified. */
  feed(event: ConsensusEvent): void
  /** What this validator has of its height, for others. */
  summary(): Summary
  /** What the sender of a summary lacks. */
  answer(summary: Summary, maxParts: number): Message[]
  /** Ends timers and writing; the log is closed. */
  stop(): Promise<void>
}

/**
 * Starts a validator where its log and its signer's state say that it was.
 *
 * @throws ConsensusError `LEDGER_SIGNER_STALE` where the signer's state is older than the log
 */
export async function startDriver(init: DriverInit): Promise<Driver> {
  const { identity, expected, log, signer, application, clock, logger = silentLogger } = init
  const { rules } = identity.settings
  const recovery = recover({ expected, log: log.content, signer: signer.state }, identity)
  if (recovery.type === 'stale') {
    const message = "the signer's state is older than the log: it is a copy; restore the one that was in use"
    throw consensusError('LEDGER_SIGNER_STALE', message)
  }
  let { state } = recovery
  let isStopped = false
  let isBusy = false
  let signing: Promise<void> = Promise.resolve()
  let idle: Promise<void> = Promise.resolve()
  const queue: ConsensusEvent[] = []
  const timers = new Set<() => void>()

  function fail(error: unknown): void {
    if (isStopped) return
    logger.error({ error, height: state.height, round: state.round }, 'the validator stops')
    halt()
    init.onFailure(error)
  }

  function halt(): void {
    isStopped = true
    for (const cancel of timers) cancel()
    timers.clear()
    queue.length = 0
  }

  function feed(event: ConsensusEvent): void {
    if (isStopped || (queue.length >= MAX_WAITING && FROM_OTHERS.has(event.type))) return
    queue.push(event)
    if (!isBusy) idle = drain().catch(fail)
  }

  /** Events go through the log in the order in which they count; own messages only when the log is on disk. */
  async function drain(): Promise<void> {
    isBusy = true
    try {
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
        log.append(event)
        if (event.type === 'persisted') await log.sync()
        if (isStopped) return
        const stepped = step(state, event)
        state = stepped.state
        for (const effect of stepped.effects) {
          await carryOut(effect)
          // What is left undone is asked for again at the next start.
          if (isStopped) return
        }
      }
    } finally {
      isBusy = false
    }
  }

  async function carryOut(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'begin':
        await log.begin(effect.beginning)
        break
      case 'redeliver':
        queue.push(...effect.messages)
        break
      case 'persist':
        signing = signing.then(() => persist(effect.id, effect.message)).catch(fail)
        break
      case 'broadcast':
        init.broadcast(effect.message)
        break
      case 'schedule':
        schedule(effect)
        break
      case 'buildProposal': {
        const { height, round } = effect
        ask(application.build(effect), built => ({ type: 'built', height, round, ...built }))
        break
      }
      case 'checkProposal': {
        const { height, blockId } = effect
        ask(application.check(effect), verdict => ({ type: 'checked', height, blockId, ...verdict }))
        break
      }
      case 'decide': {
        const { height } = effect
        logger.info({ height, round: effect.round, block: effect.blockId }, 'decided')
        ask(application.decide(effect), applied => ({ type: 'applied', height, ...applied }))
        break
      }
      case 'evidence':
        init.onEvidence(effect.evidence)
    }
  }

  function ask<Answer>(work: Promise<Answer>, eventOf: (answer: Answer) => ConsensusEvent): void {
    work.then(given => feed(eventOf(given))).catch(fail)
  }

  /** One after the other: the signer's state is on disk before its signature is used. */
  async function persist(id: string, message: Unsigned): Promise<void> {
    if (isStopped) return
    const decision = askSigner(signer.state, message, rules)
    if (decision.type === 'refuse') {
      logger.warn({ id }, 'the signer has signed something else here, or later')
      feed({ type: 'refused', id })
      return
    }
    if (decision.type === 'repeat') {
      feed({ type: 'persisted', id, signature: decision.signature })
      return
    }
    const signature = await init.sign(signedBytesOf(init.chainId, message))
    await signer.save(afterSigning(signer.state, message, signature))
    feed({ type: 'persisted', id, signature })
  }

  function schedule({ timeout, delayMs }: EffectOf<'schedule'>): void {
    if (isStopped) return
    const cancel = clock.after(delayMs, () => {
      timers.delete(cancel)
      feed({ type: 'timeout', timeout })
    })
    timers.add(cancel)
  }

  if (recovery.begin !== undefined) await log.begin(recovery.begin)
  for (const event of recovery.events) log.append(event)
  isBusy = true
  for (const effect of recovery.effects) await carryOut(effect)
  isBusy = false
  if (queue.length > 0) idle = drain().catch(fail)

  return {
    get state() {
      return state
    },
    feed,
    wants: message => wants(state, message),
    summary: () => summarise(state),
    answer: (summary, maxParts) => answer(state, summary, maxParts),
    async stop() {
      halt()
      await idle
      await signing
      await log.close()
    },
  }
}
