import { createTensor } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, saveModel, untilHosted } from '../hive/fixture.js'
import { type PaidHive, startPaidHive } from '../payments/paid-hive.js'
import { launchChromium } from './chromium.js'
import type { PayingTab } from './paying-page.js'
import { type Site, startSite } from './site.js'

declare const tab: PayingTab

const browser = await launchChromium()
const title =
  typeof browser === 'string'
    ? `a real browser that pays for runs (none starts here: ${browser})`
    : 'a real browser that pays for runs'

describe.skipIf(typeof browser === 'string')(title, { timeout: 120_000 }, () => {
  let hive: PaidHive
  let site: Site
  let page: Page
  let model: string

  beforeAll(async () => {
    if (typeof browser === 'string') return
    hive = await startPaidHive(await folder('paying-page'), ['node-1'])
    model = await hive.addModel(hive.nodes[0]!, await saveModel(add()))
    site = await startSite('paying-page.ts')
    page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction('globalThis.tab !== undefined')
  }, 120_000)

  afterAll(async () => {
    if (typeof browser !== 'string') await browser.close()
    await site?.[Symbol.asyncDispose]()
    await hive?.[Symbol.asyncDispose]()
  }, 60_000)

  it('counts the work itself, as a client on Node does, and pays what that costs', async () => {
    const [left, right] = [
      [1, 2, 3],
      [10, 20, 30],
    ]
    const { client } = await hive.client()
    await untilHosted(client, model, 1)
    const vector = (values: readonly number[]) => createTensor('float32', Float32Array.from(values), [3])
    const { charge } = await client.infer({ model, inputs: { a: vector(left!), b: vector(right!) } })
    const answer = await page.evaluate(errand => tab.infer(errand), {
      bootstrap: hive.bootstrap.addresses.filter(address => address.includes('/ws/')),
      genesis: hive.genesis,
      key: [...hive.wallet.exportKey()],
      model,
      left: left!,
      right: right!,
    })
    expect(answer).toEqual({
      sum: [11, 22, 33],
      units: String(charge!.units),
      amount: String(charge!.amount),
      closed: true,
    })
  })
})
