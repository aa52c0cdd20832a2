import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  afterSigning,
  type Beginning,
  begin,
  type ConsensusEvent,
  DEFAULT_SETTINGS,
  firstBeginning,
  genesisSet,
  isStale,
  NIL,
  nextBeginning,
  replay,
  step,
  type Unsigned,
  type Vote,
  wholeCandidate,
} from '../../src/consensus/core/index.js'
import { openEventLog } from '../../src/consensus/disk/event-log.js'
import { decodeEntry, encodeEntry } from '../../src/consensus/disk/record.js'
import { createSignerFile, openSignerFile } from '../../src/consensus/disk/signer-file.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurovoyance-consensus-'))
})
afterEach(() => rm(folder, { recursive: true }))

const ids = [1, 2, 3, 4].map(number => number.toString(16).padStart(64, '0'))
const [a, , , d] = ids as [string, string, string, string]
const signature = new Uint8Array(64).fill(9)
const set = genesisSet(ids.map(id => ({ id, power: 10n ** 18n })))
const first = firstBeginning(set)
const block = wholeCandidate(1, '11'.repeat(32), new Uint8Array(500).fill(5), 256)

const vote = (type: Vote['type'], validator: string, blockId: string, validRound = -1, round = 0): Vote => ({
  type,
  height: 1,
  round,
  blockId,
  validRound,
  validator,
  signature,
})

function unsigned({ signature: _signature, ...rest }: Vote): Unsigned {
  return { kind: 'vote', ...rest }
}

const { blockId, headerHash, partsRoot, parts, bytes } = block
const total = parts.length
const proposal = {
  height: 1,
  round: 0,
  validRound: -1,
  blockId,
  headerHash,
  partsRoot,
  total,
  proposer: a,
  signature,
}
const { signature: _signature, ...proposed } = proposal

/** One event of every kind. */
const events: ConsensusEvent[] = [
  { type: 'timeout', timeout: { kind: 'commit', height: 1, round: -1 } },
  { type: 'transactions' },
  { type: 'proposal', proposal },
  ...parts.map(part => ({ type: 'part' as const, part: part! })),
  { type: 'checked', height: 1, blockId, valid: true, timely: true },
  { type: 'persisted', id: '1/0/prevote', signature },
  { type: 'vote', vote: vote('prevote', a, blockId) },
  { type: 'certificate', votes: ids.slice(0, 3).map(id => vote('prevote', id, blockId)) },
  { type: 'refused', id: '1/0/precommit' },
  { type: 'timeout', timeout: { kind: 'propose', height: 1, round: 0 } },
  { type: 'built', height: 1, round: 0, headerHash, bytes: bytes! },
  {
    type: 'restored',
    signed: afterSigning(
      afterSigning(undefined, { kind: 'proposal', ...proposed }, signature),
      unsigned(vote('precommit', d, blockId)),
      signature,
    ),
  },
  {
    type: 'synced',
    headerHash,
    bytes: bytes!,
    precommits: ids.slice(0, 3).map(id => vote('precommit', id, blockId)),
  },
  {
    type: 'applied',
    height: 1,
    updates: [
      { id: a, power: 0n },
      { id: d, power: 7n },
    ],
    wanted: true,
  },
]

const precommits = ids.slice(1).map(id => vote('precommit', id, blockId))
const beginnings: Beginning[] = [first, nextBeginning(first, precommits, [{ id: a, power: 3n }], false)]

describe('entries of the log', () => {
  it('come back as they were', () => {
    for (const event of events)
      expect(decodeEntry(encodeEntry({ type: 'event', event }))).toEqual({ type: 'event', event })
    for (const beginning of beginnings) {
      const entry = { type: 'beginning', beginning } as const
      expect(decodeEntry(encodeEntry(entry))).toEqual(entry)
    }
  })

  it('that say nothing are refused', () => {
    expect(() => decodeEntry(new Uint8Array(0))).toThrow(
      expect.objectContaining({ code: 'LEDGER_CONSENSUS_BAD_RECORD' }),
    )
  })
})

describe('the log', () => {
  const file = (): string => path.join(folder, 'log')

  /** A log with the first height's events. */
  async function written(): Promise<void> {
    const log = await openEventLog(file())
    await log.begin(first)
    for (const event of events) log.append(event)
    await log.close()
  }

  it('gives back what was synced, and leads to the same state', async () => {
    await written()
    const log = await openEventLog(file())
    await log.close()
    expect(log.content).toEqual({ beginning: first, events })
    const identity = { self: d, settings: DEFAULT_SETTINGS }
    let { state } = begin(first, identity)
    for (const event of events) state = step(state, event).state
    expect(replay(log.content!.beginning, identity, log.content!.events)).toEqual(state)
  })

  it('is empty at first, and whenever its beginning is torn', async () => {
    const empty = await openEventLog(file())
    await empty.close()
    expect(empty.content).toBeUndefined()
    await written()
    await truncate(file(), 20)
    const torn = await openEventLog(file())
    await torn.close()
    expect(torn.content).toBeUndefined()
    expect((await stat(file())).size).toBe(0)
  })

  /** Where in the written log each event's frame begins; the beginning fills sectors of its own. */
  function offsets(): { from: number; to: number }[] {
    const sectorsOf = (size: number): number => Math.ceil(size / 4_096) * 4_096
    let at = sectorsOf(encodeEntry({ type: 'beginning', beginning: first }).length + 12)
    return events.map(event => {
      const from = at
      at += encodeEntry({ type: 'event', event }).length + 12
      return { from, to: at }
    })
  }

  it('ends before what is torn off, wherever that is, and goes on from there', async () => {
    await written()
    const whole = await readFile(file())
    for (const [index, { from, to }] of offsets().entries())
      for (const cut of [from, from + 1, from + 12, to - 1]) {
        await writeFile(file(), whole.subarray(0, cut))
        const log = await openEventLog(file())
        expect(log.content!.events).toEqual(events.slice(0, index))
        log.append({ type: 'transactions' })
        await log.close()
        const again = await openEventLog(file())
        await again.close()
        expect(again.content!.events).toEqual([...events.slice(0, index), { type: 'transactions' }])
      }
  })

  it('ends before a damaged bit, and before zeros that were never written', async () => {
    await written()
    const whole = await readFile(file())
    const damaged = Uint8Array.from(whole)
    damaged[offsets().at(-1)!.to - 3]! ^= 4
    await writeFile(file(), damaged)
    const log = await openEventLog(file())
    await log.close()
    expect(log.content!.events).toEqual(events.slice(0, -1))
    await writeFile(file(), whole)
    await appendFile(file(), new Uint8Array(8_192))
    const extended = await openEventLog(file())
    await extended.close()
    expect(extended.content!.events).toEqual(events)
  })

  it('ends before a record that is missing, though later ones are there', async () => {
    await written()
    const whole = await readFile(file())
    const [{ from, to }] = offsets().slice(1, 2) as [{ from: number; to: number }]
    await writeFile(file(), Buffer.concat([whole.subarray(0, from), whole.subarray(to)]))
    const log = await openEventLog(file())
    await log.close()
    expect(log.content!.events).toEqual(events.slice(0, 1))
  })

  it('never writes again to a sector that is safe', async () => {
    const log = await openEventLog(file())
    await log.begin(first)
    for (const [index, event] of events.entries()) {
      const before = await readFile(file())
      expect(before.length % 4_096).toBe(0)
      log.append(event)
      await log.sync()
      expect((await readFile(file())).subarray(0, before.length).equals(before), `event ${index}`).toBe(true)
    }
    await log.close()
    const again = await openEventLog(file())
    await again.close()
    expect(again.content!.events).toEqual(events)
  })

  it('begins anew with a height', async () => {
    await written()
    const log = await openEventLog(file())
    log.append({ type: 'transactions' })
    await log.begin(beginnings[1]!)
    log.append({ type: 'refused', id: '2/0/prevote' })
    await log.close()
    const again = await openEventLog(file())
    await again.close()
    expect(again.content).toEqual({
      beginning: beginnings[1],
      events: [{ type: 'refused', id: '2/0/prevote' }],
    })
  })

  it('keeps order however syncs overlap', async () => {
    const log = await openEventLog(file())
    await log.begin(first)
    const syncs: Promise<void>[] = []
    const many = Array.from(
      { length: 50 },
      (_, index): ConsensusEvent => ({ type: 'refused', id: `1/${index}/prevote` }),
    )
    for (const event of many) {
      log.append(event)
      syncs.push(log.sync())
    }
    await Promise.all(syncs)
    await log.close()
    const again = await openEventLog(file())
    await again.close()
    expect(again.content!.events).toEqual(many)
  })
})

describe("the signer's file", () => {
  const init = () => ({ file: path.join(folder, 'signer'), chainId: 'here' })
  const codeOf = async (work: Promise<unknown>): Promise<string | undefined> =>
    work.then(
      () => undefined,
      error => errorCode(error),
    )

  it('remembers, for its owner alone', async () => {
    const made = await createSignerFile(init())
    expect(made.state).toBeUndefined()
    expect((await openSignerFile(init())).state).toBeUndefined()
    const signed = afterSigning(undefined, { kind: 'proposal', ...proposed }, signature)
    const next = afterSigning(signed, unsigned(vote('precommit', d, blockId)), signature)
    await made.save(next)
    expect(made.state).toEqual(next)
    expect((await openSignerFile(init())).state).toEqual(next)
    expect(next.lock).toEqual({ round: 0, blockId })
    if (process.platform !== 'win32') expect((await stat(init().file)).mode & 0o777).toBe(0o600)
  })

  it('is never made anew, nor done without', async () => {
    expect(await codeOf(openSignerFile(init()))).toBe('LEDGER_SIGNER_MISSING')
    await createSignerFile(init())
    expect(await codeOf(createSignerFile(init()))).toBe('LEDGER_SIGNER_EXISTS')
    expect(await codeOf(openSignerFile({ ...init(), chainId: 'there' }))).toBe('LEDGER_SIGNER_WRONG_CHAIN')
  })

  it('is refused when a bit of it is wrong, or its end is missing', async () => {
    const made = await createSignerFile(init())
    await made.save(afterSigning(undefined, unsigned(vote('prevote', d, NIL)), signature))
    const whole = await readFile(init().file)
    for (const at of [0, 5, 20, whole.length - 1]) {
      const damaged = Uint8Array.from(whole)
      damaged[at]! ^= 1
      await writeFile(init().file, damaged)
      expect(await codeOf(openSignerFile(init())), `byte ${at}`).toBe('LEDGER_SIGNER_DAMAGED')
    }
    for (const changed of [whole.subarray(0, -1), Buffer.concat([whole, whole]), new Uint8Array(0)]) {
      await writeFile(init().file, changed)
      expect(await codeOf(openSignerFile(init()))).toBe('LEDGER_SIGNER_DAMAGED')
    }
  })

  it('that is an old copy is seen to be, by the log', async () => {
    const old = afterSigning(undefined, unsigned(vote('prevote', d, NIL)), signature)
    const state = replay(first, { self: d, settings: DEFAULT_SETTINGS }, [
      { type: 'timeout', timeout: { kind: 'commit', height: 1, round: -1 } },
      { type: 'timeout', timeout: { kind: 'propose', height: 1, round: 0 } },
      { type: 'persisted', id: '1/0/prevote', signature },
      ...ids.slice(0, 3).map(id => ({ type: 'vote' as const, vote: vote('prevote', id, NIL) })),
      { type: 'persisted', id: '1/0/precommit', signature },
    ])
    expect([...state.own.keys()]).toEqual(['1/0/prevote', '1/0/precommit'])
    expect(isStale(old, state)).toBe(true)
  })
})
