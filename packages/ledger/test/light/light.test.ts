import { Commit, formatAddress, LightBlock } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Genesis, idOf, verifyZip215 } from '../../src/index.js'
import {
  anchorFromGenesis,
  createLightClient,
  type LightProvider,
  type LightRules,
} from '../../src/light/index.js'
import { BLOCK_MS, CHAIN, Headers, type Signer, START_MS, signerOf } from './headers.js'

const DAY_MS = 24 * 3_600_000
const rules: LightRules = {
  chainId: CHAIN,
  trustingPeriodMs: 14 * DAY_MS,
  clockDriftMs: 10_000,
  verify: verifyZip215,
}
const TOP = 60
const four = Array.from({ length: 4 }, (_, index) => signerOf(index))
/** Every ten blocks one of four validators is another. */
const rotating = (height: number) => {
  const turn = Math.floor(height / 10)
  return Array.from({ length: 4 }, (_, index) => signerOf(turn + index))
}

function providerOf(headers: Headers, name = 'primary', top = TOP): LightProvider & { asked: number[] } {
  const asked: number[] = []
  return {
    name,
    asked,
    lightBlock(height = top) {
      asked.push(height)
      return Promise.resolve(headers.at(height))
    },
  }
}

/** A genesis with these validators, each with 10 NVY. */
function localGenesisOf(signers: readonly Signer[]): Genesis {
  const owner = formatAddress(new Uint8Array(32).fill(3))
  const liquid = '10000000000'
  return {
    chainId: CHAIN,
    timeMs: START_MS,
    parameters: { 'staking/leastSelfBond': liquid },
    modules: {
      accounts: [{ address: owner, liquid: String(10_000_000_000 * signers.length) }],
      staking: signers.map(({ publicKey }) => ({ consensusKey: idOf(publicKey), owner, liquid })),
    },
  }
}

const clientOf = (headers: Headers, init: Partial<Parameters<typeof createLightClient>[0]> = {}) =>
  createLightClient({
    rules,
    anchor: { height: 1, blockId: headers.idAt(1) },
    primary: providerOf(headers),
    now: () => START_MS + (TOP + 1) * BLOCK_MS,
    ...init,
  })

describe('a light client', () => {
  it('skips to the newest header where the validators are the same', async () => {
    const headers = new Headers(() => four)
    const primary = providerOf(headers)
    const client = await clientOf(headers, { primary })
    const { header } = await client.verifyTo()
    expect(header.height).toBe(TOP)
    expect(client.trusted.height).toBe(TOP)
    expect(primary.asked).toEqual([1, TOP])
  })

  it('halves the way where too few of the trusted ones signed', async () => {
    const headers = new Headers(rotating)
    const primary = providerOf(headers)
    const client = await clientOf(headers, { primary })
    await client.verifyTo()
    expect(primary.asked.length).toBeGreaterThan(2)
    expect(primary.asked.length).toBeLessThan(12)
    expect((await client.verifyTo(33)).header.height).toBe(33)
  })

  it.each([
    ['signed by two thirds and no more', (_: unknown, index: number) => index > 1],
    ['signed by nobody', () => false],
  ])('does not believe a header %s', async (_, signs) => {
    const headers = new Headers(() => four)
    const primary: LightProvider = {
      name: 'liar',
      lightBlock: height => Promise.resolve(height === 1 ? headers.at(1) : headers.block(TOP, signs)),
    }
    const client = await clientOf(headers, { primary })
    await expect(client.verifyTo()).rejects.toMatchObject({ code: 'LEDGER_BAD_COMMIT' })
    expect(client.trusted.height).toBe(1)
  })

  it('does not believe validators who appoint themselves', async () => {
    const headers = new Headers(() => four)
    const usurpers = new Headers(height =>
      height === 1 ? four : four.map((_, index) => signerOf(100 + index)),
    )
    const primary: LightProvider = {
      name: 'usurper',
      lightBlock: (height = TOP) => Promise.resolve(height === 1 ? headers.at(1) : usurpers.at(height)),
    }
    const client = await clientOf(headers, { primary })
    await expect(client.verifyTo()).rejects.toMatchObject({ code: 'LEDGER_BAD_LIGHT_BLOCK' })
  })

  it('finds out by its witnesses that it was shown another chain', async () => {
    const headers = new Headers(() => four)
    const fork = new Headers(() => four, 1)
    const primary: LightProvider = {
      name: 'two-faced',
      lightBlock: (height = TOP) => Promise.resolve(height === 1 ? headers.at(1) : fork.at(height)),
    }
    const silent: LightProvider = { name: 'silent', lightBlock: () => Promise.reject(new Error('gone')) }
    const client = await clientOf(headers, { primary, witnesses: [silent, providerOf(headers, 'honest')] })
    await expect(client.verifyTo()).rejects.toMatchObject({
      code: 'LEDGER_LIGHT_FORK',
      message: expect.stringContaining('honest'),
    })
  })

  it('goes on where a witness says something else that does not hold, and keeps nothing of a fork', async () => {
    const headers = new Headers(() => four)
    const strangers = new Headers(() => four.map((_, index) => signerOf(200 + index)))
    const liar = providerOf(strangers, 'liar')
    const client = await clientOf(headers, { witnesses: [liar] })
    expect((await client.verifyTo()).header.height).toBe(TOP)

    const fork = new Headers(() => four, 1)
    const deceived = await clientOf(headers, { witnesses: [providerOf(fork, 'other')] })
    await expect(deceived.verifyTo()).rejects.toMatchObject({ code: 'LEDGER_LIGHT_FORK' })
    expect(deceived.trusted.height).toBe(1)
  })

  describe('that trusts a header already', () => {
    const fork = new Headers(() => four, 1)
    const strangers = new Headers(() => four.map((_, index) => signerOf(300 + index)))
    const nobody = () => false
    const two = (_: unknown, index: number) => index < 2
    /** Trusts a header of height 30, then hears something else of that height. */
    const told = async (bytes: Uint8Array, isAnchor: boolean, height?: number) => {
      const headers = new Headers(() => four)
      const anchor = isAnchor
        ? { height: 30, blockId: headers.idAt(30) }
        : { height: 1, blockId: headers.idAt(1) }
      const client = await clientOf(headers, { anchor })
      if (!isAnchor) await client.verifyTo(30)
      const primary: LightProvider = { name: 'liar', lightBlock: () => Promise.resolve(bytes) }
      return { client, heard: client.verifyTo(height, { primary }) }
    }

    it.each([
      ['that nobody signed', fork.block(30, nobody), 'LEDGER_BAD_COMMIT'],
      ['that too few signed', fork.block(30, two), 'LEDGER_BAD_COMMIT'],
      ['that validators of their own signed', strangers.block(30), 'LEDGER_BAD_'],
    ])('takes another block of its height %s for a lie and not for a fork', async (_, bytes, code) => {
      for (const isAnchor of [true, false]) {
        const { client, heard } = await told(bytes, isAnchor)
        await expect(heard).rejects.toMatchObject({ code: expect.stringContaining(code) })
        expect((await client.verifyTo()).header.height).toBe(TOP)
      }
    })

    it('nor on the way down to an earlier block', async () => {
      const { client, heard } = await told(fork.block(30, nobody), true, 29)
      await expect(heard).rejects.toMatchObject({ code: 'LEDGER_BAD_COMMIT' })
      expect((await client.verifyTo()).header.height).toBe(TOP)
    })

    it('stops with the evidence where the same validators signed both', async () => {
      for (const isAnchor of [true, false]) {
        const { heard } = await told(fork.at(30), isAnchor)
        const { commit } = LightBlock.decode(fork.at(30))
        await expect(heard).rejects.toMatchObject({
          code: 'LEDGER_LIGHT_FORK',
          details: { height: 30, theirs: { blockId: fork.idAt(30), commit: idOf(Commit.encode(commit!)) } },
        })
      }
    })

    it('says of a height that is too far below that, not that all it trusts is too old', async () => {
      const headers = new Headers(() => four)
      const anchor = { height: 5_000, blockId: headers.idAt(5_000) }
      const client = await clientOf(headers, { anchor, now: () => START_MS + 5_001 * BLOCK_MS })
      await expect(client.verifyTo(1)).rejects.toMatchObject({ code: 'LEDGER_LIGHT_TOO_FAR' })
    })

    it('goes on trusting where a node shows nothing but blocks below that', async () => {
      const { client, heard } = await told(fork.block(3, nobody), true)
      await expect(heard).rejects.toMatchObject({ code: 'LEDGER_TOO_EARLY' })
      expect((await client.verifyTo()).header.height).toBe(TOP)
    })
  })

  it('counts a validator once who is listed often', async () => {
    const headers = new Headers(() => four)
    const traitor = four[0]!
    const stuffed = new Headers(height => (height === 1 ? four : [traitor, traitor, traitor, traitor]))
    const primary: LightProvider = {
      name: 'stuffed',
      lightBlock: (height = TOP) => Promise.resolve(height === 1 ? headers.at(1) : stuffed.at(height)),
    }
    const client = await clientOf(headers, { primary })
    await expect(client.verifyTo()).rejects.toMatchObject({
      code: 'LEDGER_BAD_LIGHT_BLOCK',
      message: expect.stringContaining('twice'),
    })
  })

  it('checks one header for each time that all validators change, and no signature of others', async () => {
    const headers = new Headers(height =>
      Array.from({ length: 4 }, (_, index) => signerOf(Math.floor(height / 20) * 4 + index)),
    )
    let checked = 0
    const verify: LightRules['verify'] = (...signed) => {
      checked++
      return verifyZip215(...signed)
    }
    const client = await clientOf(headers, { rules: { ...rules, verify } })
    expect((await client.verifyTo()).header.height).toBe(TOP)
    // the last header of each set (19, 39, 59), and the one that was asked for: three signatures of four each
    expect(checked).toBe(4 * 3)
  })

  it('begins with the genesis, whose validators vouch for what comes', async () => {
    const genesis = localGenesisOf(four)
    const anchor = anchorFromGenesis(genesis)
    expect(anchor.nextValidators.validators.map(({ publicKey }) => idOf(publicKey))).toEqual(
      new Headers(() => four).sorted(1).map(({ publicKey }) => idOf(publicKey)),
    )
    const client = await clientOf(new Headers(() => four), { anchor })
    expect((await client.verifyTo()).header.height).toBe(TOP)
    const others = await clientOf(new Headers(() => four.map((_, index) => signerOf(50 + index))), { anchor })
    await expect(others.verifyTo()).rejects.toMatchObject({ code: 'LEDGER_BAD_LIGHT_BLOCK' })
  })

  it('does not begin with another block than its owner trusts', async () => {
    const headers = new Headers(() => four)
    const anchor = { height: 1, blockId: '00'.repeat(32) }
    await expect(clientOf(headers, { anchor })).rejects.toMatchObject({ code: 'LEDGER_BAD_LIGHT_BLOCK' })
  })

  it('does not go on from a header that is too old, nor to one from the future', async () => {
    const headers = new Headers(() => four)
    const late = await clientOf(headers, { now: () => START_MS + 15 * DAY_MS })
    await expect(late.verifyTo()).rejects.toMatchObject({ code: 'LEDGER_LIGHT_EXPIRED' })
    const early = await clientOf(headers, { now: () => START_MS })
    await expect(early.verifyTo()).rejects.toMatchObject({
      code: 'LEDGER_BAD_LIGHT_BLOCK',
      message: expect.stringContaining('future'),
    })
  })

  it('believes nothing once a bit of it has changed', async () => {
    const headers = new Headers(() => four)
    const honest = headers.at(TOP)
    await fc.assert(
      fc.asyncProperty(fc.nat(honest.length * 8 - 1), async bit => {
        const bytes = Uint8Array.from(honest)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        const primary: LightProvider = {
          name: 'noisy',
          lightBlock: height => Promise.resolve(height === 1 ? headers.at(1) : bytes),
        }
        const client = await clientOf(headers, { primary })
        const { blockId } = await client.verifyTo().catch(() => ({ blockId: undefined }))
        // a bit of a signature that nobody had to look at may change; what is believed may not
        if (blockId !== undefined)
          expect(blockId).toEqual((await clientOf(headers).then(c => c.verifyTo())).blockId)
        expect(LightBlock.decode(honest).header!.height).toBe(TOP)
      }),
      { numRuns: 60 },
    )
  })
})
