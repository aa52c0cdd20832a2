import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A key as CometBFT keeps it. */
export function cometKey(seed: Uint8Array) {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
  const address = createHash('sha256').update(publicKey).digest('hex').slice(0, 40)
  const value = Buffer.concat([seed, publicKey]).toString('base64')
  return { publicKey, address, privKey: { type: 'tendermint/PrivKeyEd25519', value } }
}

/** Some ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => (server.address() as { port: number }).port)
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return ports
}

/** What a CometBFT is started with. */
export interface CometInit {
  /** A folder of its own, which it fills. */
  readonly home: string
  /** The program. */
  readonly binary: string
  /** `genesis.json`. */
  readonly genesis: object
  /** Its validator's key. */
  readonly validator: Uint8Array
  /** Its node's key. */
  readonly node: Uint8Array
  /** `proxy_app`: where its application listens. */
  readonly app: string
  readonly rpcPort: number
  readonly p2pPort: number
  /** `<id>@127.0.0.1:<port>` of others. */
  readonly peers?: readonly string[]
  /** Settings by section, over those of a fast network on one machine. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>
}

/** A CometBFT in a folder, to be started and stopped. */
export class Comet {
  readonly #init: CometInit
  readonly #watchers = new Set<(line: string) => void>()
  #process: ChildProcess | undefined

  constructor(init: CometInit) {
    this.#init = init
    const { home, genesis, validator, node } = init
    mkdirSync(join(home, 'config'), { recursive: true })
    mkdirSync(join(home, 'data'), { recursive: true })
    const { address, publicKey, privKey } = cometKey(validator)
    const pubKey = { type: 'tendermint/PubKeyEd25519', value: Buffer.from(publicKey).toString('base64') }
    const write = (path: string, value: object): void =>
      writeFileSync(join(home, path), JSON.stringify(value))
    write('config/priv_validator_key.json', {
      address: address.toUpperCase(),
      pub_key: pubKey,
      priv_key: privKey,
    })
    write('data/priv_validator_state.json', { height: '0', round: 0, step: 0 })
    write('config/node_key.json', { priv_key: cometKey(node).privKey })
    write('config/genesis.json', genesis)
    this.configure({})
  }

  /** Sets more before it starts. */
  configure(config: NonNullable<CometInit['config']>): void {
    const merged = { ...this.#init, config: { ...this.#init.config, ...config } }
    writeFileSync(join(this.#init.home, 'config', 'config.toml'), toml(settingsOf(merged)))
  }

  get rpc(): string {
    return `http://127.0.0.1:${this.#init.rpcPort}`
  }

  /** Starts it; resolves when its RPC answers, which is after the handshake with the application. */
  async start(): Promise<void> {
    const { binary, home } = this.#init
    const child = spawn(binary, ['start', '--home', home], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#process = child
    const log = createWriteStream(join(home, 'log'), { flags: 'a' })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    createInterface({ input: child.stdout }).on('line', line => {
      log.write(`${line}\n`)
      for (const watcher of this.#watchers) watcher(line)
      if (line.includes('Starting RPC HTTP server')) resolve()
    })
    child.once('exit', code => reject(new Error(`cometbft ended with ${code}: see ${join(home, 'log')}`)))
    await promise
  }

  /** Resolves with the next line that it says with this text. */
  said(text: string): Promise<string> {
    return new Promise(resolve => {
      const watcher = (line: string): void => {
        if (!line.includes(text)) return
        this.#watchers.delete(watcher)
        resolve(line)
      }
      this.#watchers.add(watcher)
    })
  }

  /** Resolves when its chain has a height. */
  async reached(height: number): Promise<void> {
    for (;;) {
      const next = this.said('committed state')
      const { sync_info } = await this.call<{ sync_info: { latest_block_height: string } }>('status')
      if (Number(sync_info.latest_block_height) >= height) return
      await next
    }
  }

  /** Ends it: orderly, or at once. Resolves when it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process
    if (child === undefined) return
    this.#process = undefined
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** Resolves when it ended by itself: without its application it has to. */
  async ended(): Promise<void> {
    const child = this.#process
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    this.#process = undefined
  }

  /** Calls a method of its RPC. */
  async call<Result>(method: string, params: object = {}): Promise<Result> {
    const response = await fetch(this.rpc, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result: Result; error?: { data: string } }
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result
  }
}

function settingsOf({ app, rpcPort, p2pPort, peers = [], config = {} }: CometInit) {
  const own: Record<string, Record<string, string | number | boolean>> = {
    '': { proxy_app: app, abci: 'socket', log_level: 'info', moniker: 'node' },
    rpc: { laddr: `tcp://127.0.0.1:${rpcPort}`, max_body_bytes: 10_000_000 },
    p2p: {
      laddr: `tcp://127.0.0.1:${p2pPort}`,
      persistent_peers: peers.join(','),
      addr_book_strict: false,
      allow_duplicate_ip: true,
      pex: false,
      flush_throttle_timeout: '10ms',
    },
    consensus: {
      timeout_commit: '100ms',
      peer_gossip_sleep_duration: '10ms',
      create_empty_blocks: false,
      create_empty_blocks_interval: '60s',
    },
    mempool: { size: 50_000, cache_size: 100_000 },
  }
  for (const [section, settings] of Object.entries(config)) own[section] = { ...own[section], ...settings }
  return own
}

const toml = (sections: Record<string, Record<string, string | number | boolean>>): string =>
  Object.entries(sections)
    .map(([section, settings]) => {
      const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
      return `${section === '' ? '' : `[${section}]\n`}${lines.join('')}`
    })
    .join('\n')
