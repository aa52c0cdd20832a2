import { onTestFinished } from 'vitest'
import type { Host } from '../../src/index.ts'
import {
  type BootstrapHostInit,
  createBootstrapHost,
  createPeerHost,
  type PeerHostInit,
} from '../../src/node/index.ts'

/** A host on loopback that is closed when the test ends. */
export async function peer(init: PeerHostInit = {}): Promise<Host> {
  return closing(await createPeerHost({ ...init, listen: { host: '127.0.0.1', ...init.listen } }))
}

/** A bootstrap host on loopback that is closed when the test ends. */
export async function bootstrap(init: BootstrapHostInit = {}): Promise<Host> {
  return closing(await createBootstrapHost({ ...init, listen: { host: '127.0.0.1', ...init.listen } }))
}

export function closing(host: Host): Host {
  onTestFinished(() => host.close())
  return host
}

const EVENTS = [
  'connection:open',
  'connection:close',
  'peer:identify',
  'peer:update',
  'self:peer:update',
] as const

/** Resolves when `holds` does, looking again at every event of the host's connections. */
export function until(host: Host, holds: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const check = (): void => {
      if (!holds()) return
      for (const event of EVENTS) host.libp2p.removeEventListener(event, check)
      resolve()
    }
    for (const event of EVENTS) host.libp2p.addEventListener(event, check)
    check()
  })
}

/** Resolves when a host is connected to exactly these others. */
export function untilPeers(host: Host, others: readonly Host[]): Promise<void> {
  const wanted = others.map(other => other.peerId).sort()
  return until(host, () => {
    const now = host.peers().map(({ peerId }) => peerId)
    return now.length === wanted.length && now.sort().every((peerId, index) => peerId === wanted[index])
  })
}

/** The first address of a host that has this protocol in it. */
export function addressWith(host: Host, protocol: string): string {
  const address = host.addresses().find(candidate => candidate.includes(`/${protocol}/`))
  if (address === undefined) throw new Error(`no ${protocol} address in ${host.addresses()}`)
  return address
}

/** The peers that have told a host about themselves, from now on. */
export function identified(host: Host): ReadonlySet<string> {
  const peers = new Set<string>()
  host.libp2p.addEventListener('peer:identify', ({ detail }) => void peers.add(detail.peerId.toString()))
  return peers
}
