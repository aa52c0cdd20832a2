import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { downloadFromHub } from '../../src/models/hub/download.js'
import { decodeListing } from '../../src/models/hub/listing.js'

/** A server that speaks the hub's protocol: the listing of a repository, and files with ranges. */
function startHub(files: Record<string, Buffer>, served: string[]): Server {
  return createServer((request, response) => {
    const path = decodeURIComponent(request.url!.split('?')[0]!)
    if (path === '/api/models/acme/tiny/tree/main') {
      const listing = Object.entries(files).map(([name, { length }]) => ({
        type: 'file',
        path: name,
        size: length,
      }))
      return response.end(JSON.stringify([{ type: 'directory', path: 'onnx' }, ...listing]))
    }
    const bytes = files[path.replace('/acme/tiny/resolve/main/', '')]
    if (bytes === undefined) return response.writeHead(404).end()
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    served.push(`${path.split('/main/')[1]}@${from}`)
    response.writeHead(from > 0 ? 206 : 200)
    if (cutAt === undefined || bytes.length - from <= cutAt) return response.end(bytes.subarray(from))
    // what was read and not written when a connection breaks is lost: it breaks when something is on the disk
    response.write(
      bytes.subarray(from, from + cutAt),
      () => void whenWritten().then(() => response.destroy()),
    )
  })
}

let cutAt: number | undefined
let whenWritten: () => Promise<void> = async () => undefined

describe('models from a hub', () => {
  const weights = Buffer.alloc(300_000, 7)
  const files = {
    'config.json': Buffer.from('{}'),
    'README.md': Buffer.from('# tiny'),
    'onnx/model.onnx': weights,
    'onnx/model_q4.onnx': Buffer.from('other'),
    'onnx/model.onnx_data': Buffer.from('data'),
    'pytorch_model.bin': Buffer.alloc(10),
  }
  const served: string[] = []
  let server: Server
  let endpoint: string
  let into: string

  async function serve(content: Record<string, Buffer>): Promise<void> {
    server = startHub(content, served)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  beforeEach(async () => {
    cutAt = undefined
    served.length = 0
    into = await mkdtemp(join(tmpdir(), 'hub-'))
    await serve(files)
  })

  afterEach(() => new Promise(resolve => server.close(resolve)))

  const download = (init: object = {}) =>
    downloadFromHub({ endpoint, repository: 'acme/tiny', revision: 'main', into, ...init })

  it('takes one model, its external data and what describes it, with progress', async () => {
    const progress: number[] = []
    await download({
      onProgress: ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
        progress.push(doneBytes / totalBytes),
    })
    expect(await readFile(join(into, 'onnx/model.onnx'))).toEqual(weights)
    expect(served.map(name => name.split('@')[0]).sort()).toEqual([
      'README.md',
      'config.json',
      'onnx/model.onnx',
      'onnx/model.onnx_data',
    ])
    expect(progress.at(-1)).toBe(1)
  })

  it('goes on where an earlier download stopped', async () => {
    cutAt = 100_000
    whenWritten = async () => {
      const written = () => stat(join(into, 'onnx/model.onnx.partial')).then(({ size }) => size > 0)
      while (!(await written().catch(() => false))) await new Promise(resolve => setTimeout(resolve, 5))
    }
    await expect(download()).rejects.toThrow()
    await expect(stat(join(into, 'onnx/model.onnx'))).rejects.toThrow()
    const { size } = await stat(join(into, 'onnx/model.onnx.partial'))
    expect(size).toBeGreaterThan(0)
    cutAt = undefined
    served.length = 0
    await download()
    expect(served).toContain(`onnx/model.onnx@${size}`)
    expect(served.filter(name => name.startsWith('config.json'))).toEqual([])
    expect(await readFile(join(into, 'onnx/model.onnx'))).toEqual(weights)
  })

  it('says what there is when it has no such file, and what to do when it is away', async () => {
    await expect(download({ file: 'onnx/none.onnx' })).rejects.toMatchObject({
      code: 'NODE_HUB_NOT_FOUND',
      message: expect.stringContaining('onnx/model_q4.onnx'),
    })
    await expect(download({ repository: 'acme/none' })).rejects.toMatchObject({
      code: 'NODE_HUB_NOT_FOUND',
      details: { status: 404 },
    })
    await expect(download({ endpoint: 'http://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'NODE_HUB_UNREACHABLE',
      message: expect.stringContaining('HF_ENDPOINT'),
    })
  })

  it.each(['<html>', '{}', '[{"type":"file"}]', '[{"type":"file","path":"x","size":-1}]'])(
    'refuses %s as a listing',
    body => {
      expect(() => decodeListing(new TextEncoder().encode(body))).toThrow(
        expect.objectContaining({ code: 'NODE_HUB_UNREACHABLE' }),
      )
    },
  )

  it('refuses a listing that leads out of its folder', async () => {
    const escaping = { ...files, 'onnx/model.onnx_data/../../../../evil': Buffer.from('{}') }
    server.close()
    await serve(escaping)
    await expect(download()).rejects.toMatchObject({
      code: 'NODE_HUB_NOT_FOUND',
      message: expect.stringContaining('outside'),
    })
    await expect(stat(join(into, '../../evil'))).rejects.toThrow()
  })
})
