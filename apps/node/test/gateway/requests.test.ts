import { request as httpRequest } from 'node:http'
import { silentLogger } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InferenceRequest, InferenceResult } from '../../src/gateway/ports.js'
import { type Gateway, startGateway } from '../../src/gateway/server.js'

const TOKEN = 'secret'
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const headers = { authorization: `Bearer ${TOKEN}` }

/** A JSON request of exactly so many bytes. */
const bodyOf = (bytes: number) => JSON.stringify({ inputs: [] }).padEnd(bytes)

describe('the gateway and its callers', () => {
  let gateway: Gateway
  let asked: { request: InferenceRequest; answer: () => void }[]
  let told: () => void

  beforeEach(async () => {
    asked = []
    told = () => {}
    gateway = await startGateway({
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      inference: {
        describe: () => Promise.reject(new Error('nobody asks for this here')),
        infer: request =>
          new Promise<InferenceResult>(resolve => {
            const answer = () => resolve({ outputs: {}, node: 'n', latencyMs: 1, attempts: 1 })
            asked.push({ request, answer })
            told()
          }),
      },
      control: { status: () => ({ ready: true }) as never } as never,
      bodies: { requests: 2, bytes: 1000 },
      logger: silentLogger,
    })
  })

  afterEach(() => gateway.close())

  const infer = (body: string, more: Record<string, string> = {}) =>
    fetch(`${gateway.url}/v2/models/m/infer`, { method: 'POST', body, headers: { ...headers, ...more } })

  async function untilAsked(count: number): Promise<void> {
    while (asked.length < count) await new Promise<void>(resolve => (told = resolve))
  }

  async function expectBusy(response: Response): Promise<void> {
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.json()).toMatchObject({ code: 'NODE_GATEWAY_BUSY' })
  }

  it('names the methods that a path takes', async () => {
    const put = await fetch(`${gateway.url}/v2/models/a.b/infer`, { method: 'PUT', headers })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST'])
    const get = await fetch(`${gateway.url}/v2/models/a.b`, { method: 'DELETE', headers })
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await fetch(`${gateway.url}/v2/modelsXa.b`, { headers })).status).toBe(404)
  })

  it('works on so many requests at a time, and takes the next when one is done', async () => {
    const first = infer(bodyOf(20))
    const second = infer(bodyOf(20))
    await untilAsked(2)
    await expectBusy(await infer(bodyOf(20)))
    expect((await fetch(`${gateway.url}/v2/health/ready`)).status).toBe(200)
    asked[0]!.answer()
    asked[1]!.answer()
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    const third = infer(bodyOf(20))
    await untilAsked(3)
    asked[2]!.answer()
    expect((await third).status).toBe(200)
  })

  it('holds so many bytes of requests at a time, refused by their declared length before they are read', async () => {
    const large = infer(bodyOf(900))
    await untilAsked(1)
    await expectBusy(await infer(bodyOf(101)))
    asked[0]!.answer()
    expect((await large).status).toBe(200)
  })

  it('counts a body that declares no length as it comes', async () => {
    const large = infer(bodyOf(900))
    await untilAsked(1)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const chunked = httpRequest(`${gateway.url}/v2/models/m/infer`, { method: 'POST', headers }, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
      chunked.on('error', reject)
      chunked.write(bodyOf(60))
      chunked.end(bodyOf(60))
    })
    expect(status).toBe(503)
    asked[0]!.answer()
    expect((await large).status).toBe(200)
  })

  it('gives back the room of a caller that hangs up', async () => {
    const hangUp = new AbortController()
    const gone = fetch(`${gateway.url}/v2/models/m/infer`, {
      method: 'POST',
      body: bodyOf(900),
      headers,
      signal: hangUp.signal,
    })
    await untilAsked(1)
    const { signal } = asked[0]!.request
    const noticed = new Promise(resolve => signal!.addEventListener('abort', resolve))
    hangUp.abort()
    await expect(gone).rejects.toThrow()
    await noticed
    const next = infer(bodyOf(900))
    await untilAsked(2)
    asked[1]!.answer()
    expect((await next).status).toBe(200)
  })

  it.each([
    ['a W3C trace', TRACE, TRACE],
    ['no trace that is malformed', '00-xyz-01', undefined],
    ['no trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, undefined],
  ])('passes on %s', async (_, traceparent, expected) => {
    const answered = infer(bodyOf(20), { traceparent })
    await untilAsked(1)
    expect(asked[0]!.request.trace).toBe(expected)
    asked[0]!.answer()
    await answered
  })
})
