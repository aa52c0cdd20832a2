import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChainSnapshot } from '@neurovoyance/protocol'
import type { ChainCall } from '../../src/chain/network.js'
import type { SnapshotArtifacts } from '../../src/chain/snapshots/index.js'
import type { ForgedChain } from './forged-chain.js'

/** Folders by the hash of what is in them, in a folder: what artifacts are, without a network. */
export function folderArtifacts(dir: string): SnapshotArtifacts & { readonly has: (cid: string) => boolean } {
  const pathOf = (cid: string): string => join(dir, cid)
  const held = new Set<string>()
  return {
    has: cid => held.has(cid),
    async add(folder) {
      const hash = createHash('sha256')
      let bytes = 0
      for (const name of readdirSync(folder).sort()) {
        const content = readFileSync(join(folder, name))
        hash.update(`${name}/${content.length}/`).update(content)
        bytes += content.length
      }
      // a CID in form: version 1, raw, SHA-256
      const cid = `b${base32(Uint8Array.of(1, 0x55, 0x12, 0x20, ...hash.digest()))}`
      await mkdir(dir, { recursive: true })
      await cp(folder, pathOf(cid), { recursive: true })
      held.add(cid)
      return { cid, bytes }
    },
    async fetch(cid) {
      if (!held.has(cid)) throw new Error(`nobody has ${cid}`)
      return { path: pathOf(cid) }
    },
    async remove(cid) {
      held.delete(cid)
      rmSync(pathOf(cid), { recursive: true, force: true })
    },
  }
}

/** What a peer answers. */
export interface Peer {
  snapshots: () => readonly ChainSnapshot[]
  chain: ForgedChain
  /** Answers in place of the chain's light block. */
  lightBlock?: (honest: Uint8Array) => Uint8Array
}

/** Calls that reach chains directly. */
export function callTo(peers: Readonly<Record<string, Peer>>): ChainCall {
  const answers = {
    Snapshots: ({ snapshots }: Peer) => ({ body: { snapshots: snapshots() }, attachments: [] }),
    LightBlock: ({ chain, lightBlock = same => same }: Peer, body: { height?: number }) => {
      const bytes = chain.lightBlock(body.height)
      if (bytes === undefined) throw new Error('no such block')
      return { body: { height: body.height ?? chain.height }, attachments: [lightBlock(bytes)] }
    },
    Blocks: ({ chain }: Peer, { first }: { first: number }) => {
      const stored = chain.store.blocks.block(first)
      return { body: { first }, attachments: stored === undefined ? [] : [stored.block, stored.commit] }
    },
  }
  return (async (peerId: string, method: keyof typeof answers, message: { body: never }) => {
    const peer = peers[peerId]
    if (peer === undefined) throw new Error(`${peerId} is not there`)
    return answers[method](peer, message.body)
  }) as unknown as ChainCall
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += LETTERS[(value >> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + LETTERS[(value << (5 - bits)) & 31] : text
}
