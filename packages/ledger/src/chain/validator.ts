import { access } from 'node:fs/promises'
import type { Beginning, Message, Settings } from '../consensus/core/index.js'
import { type EventLog, openEventLog } from '../consensus/disk/event-log.js'
import { createSignerFile, openSignerFile, type SignerFile } from '../consensus/disk/signer-file.js'
import { type Application, type Driver, type DriverInit, startDriver } from '../consensus/driver.js'
import { idOf } from '../core/hex.js'
import { type LedgerStore, recordWrite } from '../store/index.js'
import type { ValidatorKey } from './chain.js'
import { chainError } from './errors.js'

/** What consensus at a node is made from. */
export interface ValidatorInit extends Pick<DriverInit, 'clock' | 'logger' | 'onEvidence' | 'onFailure'> {
  readonly chainId: string
  /** Absent for a node that follows without a vote. */
  readonly key: ValidatorKey | undefined
  readonly settings: Settings
  readonly store: LedgerStore
  readonly logFile: string
  readonly signerFile: string
  readonly application: Application
  broadcast(message: Message): void
}

/** Consensus at a node, that stands still while blocks come by another way. */
export interface Validator {
  /** Consensus; nothing while it stands still. */
  readonly driver: Driver | undefined
  /** Goes on after the last applied block. */
  start(expected: Beginning): Promise<void>
  /** Stands still; resolves when nothing is being decided any more. */
  pause(): Promise<void>
  /** The same for good. */
  stop(): Promise<void>
}

/**
 * Makes ready what a validator signs with.
 *
 * @throws ConsensusError where what it signed before is not known: it does not start then
 */
export async function createValidator(init: ValidatorInit): Promise<Validator> {
  const { chainId, key, settings, application } = init
  const self = key && idOf(key.publicKey)
  const signer = key === undefined ? FOLLOWER : await signerOf(key, init)
  let driver: Driver | undefined
  let isStopped = false
  let turn: Promise<void> = Promise.resolve()
  let deciding: Promise<unknown> = Promise.resolve()

  const watched: Application = {
    build: request => application.build(request),
    check: request => application.check(request),
    decide(decision) {
      const answer = application.decide(decision)
      deciding = answer.catch(() => {})
      return answer
    },
  }

  /** Starting and pausing follow each other, however they are asked for. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  async function start(expected: Beginning): Promise<void> {
    if (driver !== undefined || isStopped) return
    const log: EventLog = await openEventLog(init.logFile)
    try {
      driver = await startDriver({
        ...init,
        identity: { self, settings },
        expected,
        log,
        signer,
        application: watched,
        sign: bytes => (key ?? NO_KEY).sign(bytes),
      })
    } catch (error) {
      await log.close()
      throw error
    }
  }

  async function pause(): Promise<void> {
    const running = driver
    driver = undefined
    await running?.stop()
    await deciding
  }

  return {
    get driver() {
      return driver
    },
    start: expected => inTurn(() => start(expected)),
    pause: () => inTurn(pause),
    stop() {
      isStopped = true
      return inTurn(pause)
    },
  }

  async function signerOf({ publicKey }: ValidatorKey, { store, signerFile }: ValidatorInit) {
    const id = idOf(publicKey)
    const file = `${signerFile}-${id.slice(0, 16)}`
    const record = `signer/${id}`
    const isKnown = store.record(record) !== undefined
    if (isKnown || (await isThere(file))) return openSignerFile({ file, chainId })
    const made = await createSignerFile({ file, chainId })
    await store.writeRecords([recordWrite(record, new Uint8Array(1))])
    return made
  }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

const NO_KEY = {
  sign(): never {
    throw chainError('LEDGER_CHAIN_CLOSED', 'this node follows without a key: it signs nothing')
  },
}

/** Of a node without a key: it never signed, and never will. */
const FOLLOWER: SignerFile = { state: undefined, save: async () => NO_KEY.sign() }
