import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { PeerSummary } from '../../src/index.ts'
import type { PeerHostInit } from '../../src/node/index.ts'

/** What a host's process prints. */
export interface HostEvent {
  event: 'ready' | 'peers' | 'echo'
  peerId: string
  addresses: string[]
  peers: PeerSummary[]
  same: boolean
  bytes: number
  transport: string
}

/** What a host's process is started with. */
export type HostProcessInit = Omit<PeerHostInit, 'logger' | 'clock' | 'random'> & {
  role?: 'bootstrap' | 'peer'
}

/** Starts a command: here, or on another machine of a rig. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess

/** A host in a process of its own. */
export interface HostProcess {
  readonly peerId: string
  readonly addresses: string[]
  readonly child: ChildProcess
  /** Resolves with the first event, past ones too, that `holds` for. */
  when(holds: (event: HostEvent) => boolean): Promise<HostEvent>
  /** Resolves when the process is connected to a peer, in a way that `holds` where that matters. */
  connected(peerId: string, holds?: (peer: PeerSummary) => boolean): Promise<PeerSummary>
  /** Connects to an address, and says how it is connected to that peer then. */
  dial(address: string): Promise<PeerSummary>
  /** Calls a peer with a mebibyte, and says how that came back. */
  echo(peerId: string): Promise<HostEvent>
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>
}

const SCRIPT = fileURLToPath(new URL('host.ts', import.meta.url))

/** Starts a host's process, killed at the latest when the test ends. */
export async function startHostProcess(
  init: HostProcessInit,
  start: Spawn = spawn,
  nodeOptions: readonly string[] = [],
): Promise<HostProcess> {
  const child = start(process.execPath, [...nodeOptions, SCRIPT, JSON.stringify(init)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('the process has no pipes')

  const events: HostEvent[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: stdout }).on('line', line => {
    events.push(JSON.parse(line))
    for (const check of [...waiting]) check()
  })

  const when = (holds: (event: HostEvent) => boolean): Promise<HostEvent> =>
    new Promise(resolve => {
      const check = (): void => {
        const found = events.find(holds)
        if (found === undefined) return
        waiting.delete(check)
        resolve(found)
      }
      waiting.add(check)
      check()
    })

  const ready = await when(({ event }) => event === 'ready')
  const connected: HostProcess['connected'] = async (peerId, holds = () => true) => {
    const wanted = (peer: PeerSummary): boolean => peer.peerId === peerId && holds(peer)
    const { peers } = await when(({ event, peers }) => event === 'peers' && peers.some(wanted))
    return peers.find(wanted) as PeerSummary
  }

  return {
    peerId: ready.peerId,
    addresses: ready.addresses,
    child,
    when,
    connected,
    dial(address) {
      stdin.write(`${address}\n`)
      return connected(address.split('/').at(-1) as string)
    },
    echo(peerId) {
      stdin.write(`${peerId}\n`)
      return when(event => event.event === 'echo' && event.peerId === peerId)
    },
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
