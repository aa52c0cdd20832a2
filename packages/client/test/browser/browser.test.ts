import { add } from '@neurovoyance/testing/models'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNetwork } from '../network/network.js'
import { ADDER } from '../network/node.js'
import { launchChromium } from './chromium.js'
import type { Tab } from './page.js'
import { type Site, startSite } from './site.js'

declare const tab: Tab

const { bytes, inputs, outputs } = add()
const numbers = (name: string) => Array.from(inputs[name]!.data as Float32Array)
const vectors = { a: numbers('a'), b: numbers('b') }
const sum = Array.from(outputs!.sum!.data as Float32Array)

const browser = await launchChromium()
const title =
  typeof browser === 'string' ? `in a real browser (none starts here: ${browser})` : 'in a real browser'

describe.skipIf(typeof browser === 'string')(title, { timeout: 60_000 }, () => {
  let site: Site
  let page: Page

  beforeAll(async () => {
    if (typeof browser === 'string') return
    site = await startSite(bytes)
    page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction('globalThis.tab !== undefined')
  }, 60_000)

  afterAll(async () => {
    if (typeof browser !== 'string') await browser.close()
    await site?.[Symbol.asyncDispose]()
  })

  it.each([
    ['WebSocket', 'ws', { tcp: 0, ws: 0, webrtcDirect: false }],
    ['WebRTC', 'webrtc-direct', { tcp: 0, ws: false, webrtcDirect: 0 }],
  ] as const)('a page gets the same answer over %s as Node', async (_name, transport, listen) => {
    await using network = await startNetwork({ host: '127.0.0.1', ...listen })
    const { host } = await network.node()
    const client = await network.client()
    const inNode = await client.infer({ model: ADDER, inputs })
    const addresses = network.addresses.filter(address => address.includes(`/${transport}/`))
    const inTab = await page.evaluate(([bootstrap, model, given]) => tab.onHive(bootstrap, model, given), [
      addresses,
      ADDER,
      vectors,
    ] as const)
    expect(inTab.sum).toEqual(Array.from(inNode.outputs.sum!.data as Float32Array))
    expect(inTab.sum).toEqual(sum)
    expect(inTab.node).toBe(host.peerId)
    expect(new Set(inTab.transports)).toEqual(new Set([transport]))
  })

  it('the runtime runs the same model in the tab', async () => {
    const paths = [`${site.url}/model.onnx`, `${site.url}/ort/`] as const
    const inTab = await page.evaluate(([model, wasm, given]) => tab.inTab(model, wasm, given), [
      ...paths,
      vectors,
    ] as const)
    expect(inTab).toEqual(sum)
  })

  it('refuses to add a model from a tab', async () => {
    await using network = await startNetwork()
    const code = await page.evaluate(bootstrap => tab.failure(bootstrap), network.addresses)
    expect(code).toBe('CLIENT_UNSUPPORTED')
  })
})
