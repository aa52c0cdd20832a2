/** What the bench runs in the tab; bundled for browsers from the packages as they are published. */
import { findWrongBy } from '@neurovoyance/client/chain'
import { verifyZip215 } from '@neurovoyance/ledger'
import { createLightClient, type TrustedHeader } from '@neurovoyance/ledger/light'
import { createBrowserHost } from '@neurovoyance/p2p/browser'

/** A chain as it crosses into the tab: bytes are arrays of numbers. */
export interface Course {
  readonly chainId: string
  readonly nowMs: number
  readonly newest: number
  readonly blocks: readonly (readonly [height: number, bytes: readonly number[]])[]
  readonly anchor: {
    readonly height: number
    readonly timeMs: number
    readonly blockId: readonly number[]
    readonly validators: readonly (readonly [key: readonly number[], power: number])[]
  }
}

const tab = {
  /** Milliseconds of each round, by the browser's own Ed25519 or in plain JavaScript. */
  async course(course: Course, rounds: number, how: 'platform' | 'plain'): Promise<number[]> {
    const blocks = new Map(course.blocks.map(([height, bytes]) => [height, Uint8Array.from(bytes)]))
    const { height, timeMs, blockId, validators } = course.anchor
    const anchor: TrustedHeader = {
      height,
      timeMs,
      blockId: Uint8Array.from(blockId),
      nextValidators: {
        validators: validators.map(([key, power]) => ({ publicKey: Uint8Array.from(key), power })),
      },
    }
    const host = await createBrowserHost()
    const samples: number[] = []
    for (let round = 0; round < rounds; round++) {
      const started = performance.now()
      const client = await createLightClient({
        rules: { chainId: course.chainId, trustingPeriodMs: 1e12, clockDriftMs: 0, verify: verifyZip215 },
        anchor,
        primary: { name: 'bench', lightBlock: async (at = course.newest) => blocks.get(at)! },
        now: () => course.nowMs,
        ...(how === 'platform' && { findWrong: findWrongBy(host.verifier) }),
      })
      await client.verifyTo()
      samples.push(performance.now() - started)
    }
    await host.close()
    return samples
  },
}

export type LightTab = typeof tab

Object.assign(globalThis, { tab })
