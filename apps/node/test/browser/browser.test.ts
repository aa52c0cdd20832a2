import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@neurovoyance/client'
import { type Hive, startHive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NV } from '../hive/fixture.js'
import { launchChromium } from './chromium.js'
import type { Tab } from './page.js'
import { type Site, type SiteFile, startSite } from './site.js'

declare const tab: Tab

const { bytes, inputs } = add()
const numbers = (name: string) => Array.from(inputs[name]!.data as Float32Array)
const vectors = { a: numbers('a'), b: numbers('b') }

/** ONNX Runtime's own, that the page loads. */
async function runtimeFiles(): Promise<Record<string, SiteFile>> {
  const read = async (file: string) => readFile(fileURLToPath(import.meta.resolve(`onnxruntime-web/${file}`)))
  return {
    '/ort/ort-wasm-simd-threaded.mjs': ['text/javascript', await read('ort-wasm-simd-threaded.mjs')],
    '/ort/ort-wasm-simd-threaded.wasm': ['application/wasm', await read('ort-wasm-simd-threaded.wasm')],
  }
}

const browser = await launchChromium()
const title =
  typeof browser === 'string' ? `in a real browser (none starts here: ${browser})` : 'in a real browser'

describe.skipIf(typeof browser === 'string')(title, { timeout: 120_000 }, () => {
  let hive: Hive
  let model: string
  let inNode: number[]
  let site: Site
  let page: Page

  beforeAll(async () => {
    if (typeof browser === 'string') return
    hive = await startHive({ nv: NV, nodes: 1 })
    const file = join(hive.folder, 'add.onnx')
    await writeFile(file, bytes)
    model = (await hive.addModel(file)).model
    await using client = await createClient({ bootstrap: hive.bootstrap })
    const { outputs } = await client.infer({ model, inputs })
    inNode = Array.from(outputs.sum!.data as Float32Array)
    site = await startSite('page.ts', {
      '/model.onnx': ['application/octet-stream', bytes],
      ...(await runtimeFiles()),
    })
    page = await browser.newPage()
    await page.goto(site.url)
    await page.waitForFunction('globalThis.tab !== undefined')
  }, 120_000)

  afterAll(async () => {
    if (typeof browser !== 'string') await browser.close()
    await site?.[Symbol.asyncDispose]()
    await hive?.stop()
  }, 60_000)

  it.each([
    ['WebSocket', 'ws'],
    ['WebRTC', 'webrtc-direct'],
  ])('a page on a hive over %s gets the same answer as Node', async (_name, transport) => {
    const bootstrap = hive.bootstrap.filter(address => address.includes(`/${transport}/`))
    const inTab = await page.evaluate(([addresses, cid, given]) => tab.onHive(addresses, cid, given), [
      bootstrap,
      model,
      vectors,
    ] as const)
    expect(inTab.sum).toEqual(inNode)
    expect(inTab.node).toBe(hive.nodes[0]!.peerId)
    expect(inTab.transports[hive.bootstrapNode.peerId]).toBe(transport)
    expect(inTab.transports[inTab.node]).toMatch(/^(ws|webrtc-direct|webrtc)$/)
  })

  it('the runtime runs the same model in the tab', async () => {
    const inTab = await page.evaluate(([file, wasm, given]) => tab.inTab(file, wasm, given), [
      `${site.url}/model.onnx`,
      `${site.url}/ort/`,
      vectors,
    ] as const)
    expect(inTab).toEqual(inNode)
  })

  it('a tab does not add models', async () => {
    expect(await page.evaluate(bootstrap => tab.addFailure(bootstrap), hive.bootstrap)).toBe(
      'CLIENT_UNSUPPORTED',
    )
  })
})
