import type { Beginning, ConsensusEvent, Signed, Vote } from '@neurovoyance/ledger/consensus'
import type { SeededRandom } from '@neurovoyance/testing/network'

/** A decided block as it is stored, with what its height began with. */
export interface StoredBlock {
  beginning: Beginning
  headerHash: string
  bytes: Uint8Array
  precommits: readonly Vote[]
}

/** A log of the events of one height. */
export interface Log {
  beginning: Beginning
  events: ConsensusEvent[]
}

/** How a disk fails when the power does. */
export interface DiskFaults {
  /** Chance that the last records of the log are gone though they were synced: a torn sector held them too. */
  logDamage: number
  /** It says that things are safe when they are not. */
  lies: boolean
}

/** What a validator keeps: blocks, the log of the present height, and what it signed last. */
export interface SimDisk {
  readonly blocks: StoredBlock[]
  /** Begins the log of a height; the one before is gone with it. */
  beginLog(beginning: Beginning): void
  append(event: ConsensusEvent): void
  /** Makes all that was appended safe. */
  syncLog(): void
  /** Begins to replace the signer's state; `syncSigner` makes it safe. */
  writeSigner(signed: Signed): void
  syncSigner(): void
  /** Begins to store a block; `syncBlock` makes it safe. */
  writeBlock(block: StoredBlock): void
  syncBlock(): void
  /** The power fails: what was not safe is kept, or torn off, or gone. */
  crash(): void
  readSigner(): Signed | undefined
  readLog(): Log | undefined
  /** How often safe records of the log were lost. */
  readonly damages: number
}

/** Most records that a torn sector takes along. */
const SECTOR_RECORDS = 6

/** An empty disk. */
export function createSimDisk(random: SeededRandom, faults: DiskFaults): SimDisk {
  const blocks: StoredBlock[] = []
  let log: Log | undefined
  let safeEvents = 0
  let signer: Signed | undefined
  let nextSigner: Signed | undefined
  let nextBlock: StoredBlock | undefined
  let olderSigners: (Signed | undefined)[] = []
  let damages = 0

  function tearLog(): void {
    if (log === undefined) return
    const unsafe = log.events.length - safeEvents
    let kept = safeEvents + random.int(unsafe + 1)
    if (kept > 0 && random.chance(faults.lies ? 0.5 : faults.logDamage)) {
      kept = Math.max(0, safeEvents - 1 - random.int(SECTOR_RECORDS))
      if (kept < safeEvents) damages++
    }
    log.events.length = kept
    safeEvents = kept
  }

  return {
    blocks,
    get damages() {
      return damages
    },
    beginLog(beginning) {
      log = { beginning, events: [] }
      safeEvents = 0
    },
    append: event => void log?.events.push(event),
    syncLog() {
      safeEvents = log?.events.length ?? 0
    },
    writeSigner(signed) {
      nextSigner = signed
    },
    syncSigner() {
      if (nextSigner === undefined) return
      if (faults.lies) olderSigners.push(signer)
      signer = nextSigner
      nextSigner = undefined
    },
    writeBlock(block) {
      nextBlock = block
    },
    syncBlock() {
      if (nextBlock !== undefined) blocks.push(nextBlock)
      nextBlock = undefined
    },
    crash() {
      tearLog()
      if (nextSigner !== undefined && random.chance(0.5)) signer = nextSigner
      if (nextBlock !== undefined && random.chance(0.5)) blocks.push(nextBlock)
      if (faults.lies && olderSigners.length > 0 && random.chance(0.5)) signer = random.pick(olderSigners)
      nextSigner = undefined
      nextBlock = undefined
      olderSigners = []
    },
    readSigner: () => signer,
    readLog: () => log,
  }
}
