import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ReceivedMessage } from '@neurovoyance/protocol'
import { type Artifacts, type ArtifactsInit, createArtifacts } from '../../src/artifacts/index.js'
import type { CallContext, DuplexHandler, Rpc } from '../../src/rpc/index.js'
import { TestNetwork, type TestPeer } from '../rpc/network.js'

/** A peer of a test with a store. */
export interface ArtifactPeer extends TestPeer {
  artifacts: Artifacts
  /** Its store's folder. */
  dir: string
}

/** Peers with stores in a folder that goes with the test. */
export class ArtifactNetwork extends TestNetwork {
  readonly #stores: Artifacts[] = []
  #dir: Promise<string> | undefined

  /** A folder of this test. */
  folder(): Promise<string> {
    this.#dir ??= mkdtemp(join(tmpdir(), 'nv-artifacts-'))
    return this.#dir
  }

  async artifactPeer(init: Partial<ArtifactsInit> = {}): Promise<ArtifactPeer> {
    const peer = await this.peer()
    const dir = join(await this.folder(), peer.peerId)
    const artifacts = await this.open(peer, dir, init)
    return { ...peer, artifacts, dir }
  }

  /** Opens a store for a peer. */
  async open(peer: TestPeer, dir: string, init: Partial<ArtifactsInit> = {}): Promise<Artifacts> {
    const artifacts = await createArtifacts({ host: peer, dir, ...init })
    this.#stores.push(artifacts)
    return artifacts
  }

  /** Connects the first peer to the others. */
  async connect(from: TestPeer, ...to: TestPeer[]): Promise<void> {
    for (const peer of to) await from.libp2p.dial(peer.libp2p.getMultiaddrs())
  }

  /** Writes files into this test's folder. */
  async write(files: Record<string, Uint8Array>): Promise<string> {
    const dir = await this.folder()
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
    }
    return dir
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#stores.map(store => store.close()))
    await super[Symbol.asyncDispose]()
    if (this.#dir !== undefined) await rm(await this.#dir, { recursive: true, force: true })
  }
}

/** Bytes without repetition, so that a block in the wrong place shows. */
export function content(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed >>> 0
  for (let index = 0; index < words.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    words[index] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}

/** Every file below a path, with its bytes. */
export async function filesBelow(path: string): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {}
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    files[file.slice(path.length + 1)] = await readFile(file)
  }
  return files
}

/** A host that sends so many blocks and then none until it is let go. */
export function stopsAfter(peer: TestPeer, blocks: number, letGo: Promise<unknown>) {
  const serve: Rpc['serve'] = (service, handlers) => {
    const all = handlers as Record<string, DuplexHandler<unknown, unknown>>
    const read = all.Read!
    return peer.rpc.serve(service, {
      ...handlers,
      Read: async function* (requests: AsyncIterable<ReceivedMessage<unknown>>, context: CallContext) {
        let sent = 0
        for await (const answer of read(requests, context)) {
          if (sent++ >= blocks) await letGo
          yield answer
        }
      },
    } as typeof handlers)
  }
  return { ...peer, rpc: { ...peer.rpc, serve } }
}
