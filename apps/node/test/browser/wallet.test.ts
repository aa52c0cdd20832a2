import { readFile } from 'node:fs/promises'
import type { Wallet } from '@neurovoyance/client/wallet'
import { walletFromKey } from '@neurovoyance/client/wallet'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { openUnattended } from '@neurovoyance/node/hive'
import { parseAmount } from '@neurovoyance/protocol'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startValidators, type Validators } from '../../soak/_validators.ts'
import { NV } from '../hive/fixture.js'
import { launchChromium } from './chromium.js'
import { type Site, startSite } from './site.js'
import type { Errand, WalletTab } from './wallet-page.js'

declare const tab: WalletTab

const browser = await launchChromium()
const title =
  typeof browser === 'string'
    ? `a wallet in a real browser (none starts here: ${browser})`
    : 'a wallet in a real browser'

describe.skipIf(typeof browser === 'string')(title, { timeout: 120_000 }, () => {
  let validators: Validators
  let site: Site
  let page: Page
  let errand: Errand

  beforeAll(async () => {
    if (typeof browser === 'string') return
    validators = await startValidators(NV, { count: 1 })
    const { genesis, client } = validators.chain
    const wallet = (await openUnattended(client.wallet)) as Wallet
    errand = {
      bootstrap: validators.process('bootstrap').addresses.filter(address => address.includes('/ws/')),
      genesis: JSON.parse(await readFile(genesis, 'utf8')) as GenesisDocument,
      key: [...wallet.exportKey()],
      to: walletFromKey(new Uint8Array(32).fill(9)).address,
      amount: '2.5',
    }
    site = await startSite('wallet-page.ts')
    page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction('globalThis.tab !== undefined')
  }, 120_000)

  afterAll(async () => {
    if (typeof browser !== 'string') await browser.close()
    await site?.[Symbol.asyncDispose]()
    await validators?.[Symbol.asyncDispose]()
  }, 60_000)

  it('sends a payment, and checks its new balance by proofs under headers that it checked itself', async () => {
    const paid = await page.evaluate(given => tab.pay(given), errand)
    expect(BigInt(paid.after)).toBe(BigInt(paid.before) - parseAmount('2.5') - BigInt(paid.fee))
    expect(BigInt(paid.fee)).toBeGreaterThan(0n)
    expect(paid.received).toBe(String(parseAmount('2.5')))
    expect(paid.checked).toBeGreaterThan(paid.height)
  })

  it('goes on from the header that it kept when the page is opened again', async () => {
    const kept = await page.evaluate(() => tab.kept())
    expect(kept).toMatchObject({ chainId: errand.genesis.chainId })
    expect(kept.height).toBeGreaterThan(1)
    await page.reload()
    await page.waitForFunction('globalThis.tab !== undefined')
    const paid = await page.evaluate(given => tab.pay(given), errand)
    expect(paid.received).toBe(String(2n * parseAmount('2.5')))
    expect((await page.evaluate(() => tab.kept())).height).toBeGreaterThan(kept.height)
  })

  it('believes nobody about a chain with another genesis', async () => {
    const genesis = { ...errand.genesis, timeMs: errand.genesis.timeMs + 1 }
    const failure = page.evaluate(given => tab.pay(given), { ...errand, genesis })
    await expect(failure).rejects.toThrow(/keeps the chain/)
  })
})
