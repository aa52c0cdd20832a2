import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ChainGossip, errorCode, type Message as RpcMessage } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message, Vote } from '../../src/consensus/core/index.js'
import { wireMessage } from '../../src/consensus/wire/message.js'
import { signedBytesOf } from '../../src/consensus/wire/signed-bytes.js'
import { CHAIN, GENESIS_HASH, validatorKeys } from './blocks.js'
import { chainOf, Member } from './member.js'
import { type ConnectedChains, connectChains } from './network.js'

const NAMES = ['a', 'b', 'c', 'd'] as const
const EVIL = 'evil'
const keys = validatorKeys(4)
const [stranger] = validatorKeys(5).filter(({ id }) => keys.every(key => key.id !== id))
const hello: ChainGossip = { hello: { chainId: CHAIN, genesis: GENESIS_HASH } }

let folder: string
let network: ConnectedChains
let members: Member[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurovoyance-hostile-'))
  network = connectChains({ ids: [...NAMES, EVIL] })
  members = NAMES.map(
    (name, index) => new Member({ folder, keys, key: keys[index]!, network: network.node(name) }),
  )
  await Promise.all(members.map(member => member.start()))
})
afterEach(async () => {
  await Promise.all(members.map(member => member.stop()))
  await rm(folder, { recursive: true })
})

/** Says these things to a node; how that ends. */
async function say(to: string, said: Iterable<ChainGossip> | AsyncIterable<ChainGossip>): Promise<unknown> {
  async function* messages(): AsyncGenerator<RpcMessage<ChainGossip>> {
    for await (const body of said) yield { body }
  }
  try {
    for await (const _ of network.node(EVIL).gossip(to, messages(), new AbortController().signal)) {
      // nothing is answered
    }
    return 'ended'
  } catch (error) {
    return errorCode(error)
  }
}

/** A vote of the height that a node decides next, or of the one after it, which it keeps for then. */
function voteOf(ahead: 1 | 2, signature?: Uint8Array): Vote {
  const [key] = keys as [(typeof keys)[0]]
  const body = {
    type: 'prevote',
    height: members[0]!.height + ahead,
    round: 0,
    blockId: '',
    validRound: -1,
    validator: key.id,
  } as const
  return {
    ...body,
    signature: signature ?? key.sign(signedBytesOf(CHAIN, { kind: 'vote', ...body })),
  }
}

const saying = (message: Message): ChainGossip => ({ message: wireMessage(message) })

async function expectGoesOn(): Promise<void> {
  const height = Math.max(...members.map(member => member.height)) + 3
  await Promise.all(members.map(member => member.reached(height)))
  for (const member of members) expect(chainOf(member, height)).toEqual(chainOf(members[0]!, height))
  expect(members.flatMap(({ failures }) => failures)).toEqual([])
}

/** Says `again` until the node does not hear it any more. */
async function* until(signal: AbortSignal, again: () => ChainGossip): AsyncGenerator<ChainGossip> {
  yield hello
  while (!signal.aborted) yield again()
}

describe('a hostile peer', () => {
  it('is not heard when it speaks of another chain, or does not say of which', async () => {
    const other = { hello: { chainId: CHAIN, genesis: new Uint8Array(32) } }
    expect(await say('a', [other])).toBe('LEDGER_WRONG_CHAIN')
    expect(await say('a', [{ hello: { chainId: 'other-1', genesis: GENESIS_HASH } }])).toBe(
      'LEDGER_WRONG_CHAIN',
    )
    expect(await say('a', [{ head: { height: 5, first: 1 } }])).toBe('LEDGER_WRONG_CHAIN')
    // that is no offence: a node of another chain is let alone
    expect(await say('a', [hello])).toBe('ended')
    await expectGoesOn()
  })

  const offences: Record<string, () => ChainGossip> = {
    'a vote with a wrong signature': () =>
      saying({ type: 'vote', vote: voteOf(2, new Uint8Array(64).fill(7)) }),
    'a vote that says another thing than was signed': () =>
      saying({ type: 'vote', vote: { ...voteOf(2), blockId: 'ab'.repeat(32) } }),
    'a quorum of one': () => saying({ type: 'certificate', votes: [voteOf(1)] }),
    'hello again': () => hello,
    'two things at once': () => ({ head: { height: 1, first: 1 }, sources: { peers: [] } }),
    'a consensus message that says nothing': () => ({ message: {} }),
    'a proposal out of turn': () => {
      const proposal = {
        height: members[0]!.height + 1,
        round: 0,
        validRound: -1,
        headerHash: '11'.repeat(32),
        partsRoot: '22'.repeat(32),
        total: 1,
        blockId: '33'.repeat(32),
        proposer: stranger!.id,
      }
      const signature = stranger!.sign(signedBytesOf(CHAIN, { kind: 'proposal', ...proposal }))
      return saying({ type: 'proposal', proposal: { ...proposal, signature } })
    },
  }

  it.each(Object.entries(offences))('is let alone for a while after %s', async (_, offence) => {
    // the height goes on meanwhile: it says so until it counts
    const patience = new AbortController()
    await say('a', until(patience.signal, offence))
    expect(await say('a', [hello])).toBe('LEDGER_FORBIDDEN')
    await expectGoesOn()
  })

  it('does not stop the others by saying endlessly what is of no use', async () => {
    const enough = new AbortController()
    const old = { ...voteOf(1), height: 0 }
    const flood = NAMES.map(name =>
      say(
        name,
        until(enough.signal, () => saying({ type: 'vote', vote: old })),
      ),
    )
    await expectGoesOn()
    enough.abort()
    await Promise.all(flood)
  })

  it('does not fill memory or the log with parts of blocks that nobody proposed', async () => {
    const enough = new AbortController()
    let index = 0
    const junk = (): ChainGossip =>
      saying({
        type: 'part',
        part: {
          height: members[0]!.height + 1,
          partsRoot: (index++).toString(16).padStart(64, '0'),
          index: 0,
          bytes: new Uint8Array(1_000),
          proof: [],
        },
      })
    const flood = say('a', until(enough.signal, junk))
    await expectGoesOn()
    expect(members[0]!.driver!.state.early.parts.length).toBeLessThanOrEqual(64)
    enough.abort()
    await flood
  })
})
