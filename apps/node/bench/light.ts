/**
 * A light client that goes 10,000 blocks by skipping: 32 validators, all of whom are others every 1,000 blocks, and the
 * same with a quarter of them replaced. Light blocks are there already; decoding them, finding the way and checking the
 * signatures on it is what is measured, in Node and in Chromium.
 *
 * Node's figures are the processor's time, so that what else runs on the machine does not come into them; Chromium's are
 * by its clock.
 */
import { zip215 } from '@neurovoyance/ledger'
import { createLightClient } from '@neurovoyance/ledger/light'
import { nativeVerifier } from '@neurovoyance/ledger/node'
import { measure, report, summarize } from '@neurovoyance/testing/bench'
import { launchChromium } from '../test/browser/chromium.ts'
import { startSite } from '../test/browser/site.ts'
import { bundleKiB } from './_bundle-size.ts'
import { CHAIN_ID, type LightChain, lightChain } from './_light-chain.ts'
import type { Course, LightTab } from './_light-page.ts'

declare const tab: LightTab

const BLOCKS = 10_000
const SIZE = { blocks: BLOCKS, validators: 32, every: 1_000 }
const ROUNDS = 30

const whole = lightChain({ ...SIZE, replaced: 32 })
const quarter = lightChain({ ...SIZE, replaced: 8 })

let signatures = 0

/** Goes the whole way once; the processor's milliseconds. */
async function course({ anchor, provider, nowMs }: LightChain): Promise<number> {
  const before = process.cpuUsage()
  const native = nativeVerifier()
  signatures = 0
  const verify = zip215((...signed) => {
    signatures++
    return native(...signed)
  })
  const rules = { chainId: CHAIN_ID, trustingPeriodMs: 1e12, clockDriftMs: 0, verify }
  const client = await createLightClient({ rules, anchor, primary: provider, now: () => nowMs })
  const { header } = await client.verifyTo()
  if (header.height !== BLOCKS) throw new Error(`it stopped at height ${header.height}`)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

// the first time makes and signs the blocks that are asked for
await course(whole)
const cold = await course(whole)
const node = await measure({ run: () => course(whole), rounds: ROUNDS })
const wholeSignatures = signatures
await course(quarter)
const nodeQuarter = await measure({ run: () => course(quarter), rounds: ROUNDS })

const chromium = await inChromium(whole)
const light = await bundleKiB(
  `export { anchorFromGenesis, createLightClient } from '@neurovoyance/ledger/light'
   export { verifyProof } from '@neurovoyance/ledger'`,
)
const wallet = await bundleKiB(
  `export { createWalletClient, openChainReader, readAccount } from '@neurovoyance/client/chain'
   export { walletFromPhrase } from '@neurovoyance/client/wallet'`,
)

report({
  bench: 'light',
  metrics: {
    nodeMs: node.summary.p50,
    nodeFirstMs: cold,
    nodeQuarterMs: nodeQuarter.summary.p50,
    headers: whole.made.size,
    signatures: wholeSignatures,
    quarterHeaders: quarter.made.size,
    quarterSignatures: signatures,
    ...(chromium && {
      chromiumMs: summarize(chromium.platform).p50,
      chromiumPlainJavaScriptMs: summarize(chromium.plain).p50,
    }),
    lightKiB: light.raw,
    lightGzipKiB: light.gzip,
    walletKiB: wallet.raw,
    walletGzipKiB: wallet.gzip,
  },
  targets: { nodeMs: '<100' },
  spread: {
    node: { unit: 'ms', ...node.summary },
    ...(chromium && { chromium: { unit: 'ms', ...summarize(chromium.platform) } }),
  },
})

/** The same in a page; nothing where no browser starts. */
async function inChromium({ anchor, made, nowMs }: LightChain) {
  const browser = await launchChromium()
  if (typeof browser === 'string') {
    console.log(`not in Chromium: none starts here (${browser})`)
    return undefined
  }
  const given: Course = {
    chainId: CHAIN_ID,
    nowMs,
    newest: BLOCKS,
    blocks: [...made].map(([height, bytes]) => [height, [...bytes]]),
    anchor: {
      height: anchor.height,
      timeMs: anchor.timeMs,
      blockId: [...anchor.blockId],
      validators: anchor.nextValidators.validators.map(({ publicKey, power }) => [[...publicKey], power]),
    },
  }
  await using site = await startSite('../../bench/_light-page.ts')
  try {
    const page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction('globalThis.tab !== undefined')
    const run = (rounds: number, how: 'platform' | 'plain') =>
      page.evaluate(([chain, times, by]) => tab.course(chain, times, by), [given, rounds, how] as const)
    return { platform: await run(10, 'platform'), plain: await run(3, 'plain') }
  } finally {
    await browser.close()
  }
}
