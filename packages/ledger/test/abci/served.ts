import {
  type AbciApplication,
  type AbciApplicationInit,
  type AbciServer,
  cometAddress,
  openAbciApplication,
  type RequestKind,
  type RequestOf,
  type ResponseOf,
  serveAbci,
} from '../../src/abci/index.js'
import { timestampOf } from '../../src/abci/messages/common.js'
import type { Genesis } from '../../src/index.js'
import { type Person, person } from '../machine/chain.js'
import { folder } from '../store/folder.js'
import { Engine } from './engine.js'
import { CHAIN, GENESIS_MS, genesisWith, people } from './world.js'

/** Alice and Bob have coins from the genesis on; Carol has none. */
export const [alice, bob, carol] = people(3) as [Person, Person, Person]

/** Keys of the validators. */
export const validators = [person(1), person(2)].map(({ publicKey }) => publicKey)

/** What the chain of these tests begins with. */
export const genesis = genesisWith(validators, [alice, bob])

/** A value as the engine hands over what it does not read itself. */
export const asBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** A genesis as the engine hands it over: the chain's name is the engine's. */
export const appStateOf = ({ chainId: _, ...appState }: Genesis): Uint8Array => asBytes(appState)

type Init = Pick<AbciApplicationInit, 'snapshots' | 'keepBlocks'>

/** An application for CometBFT that is served on a socket, and an engine that speaks to it. */
export class Served {
  #dir!: string
  #server!: AbciServer
  engine!: Engine
  application!: AbciApplication

  /** One in a folder of its own, which goes with the test. */
  static async inNewFolder(init: Init = {}): Promise<Served> {
    const served = new Served()
    served.#dir = folder()
    await served.#start(init)
    return served
  }

  async #start(init: Init = {}): Promise<void> {
    this.application = await openAbciApplication({ dir: this.#dir, chainId: CHAIN, ...init })
    this.#server = await serveAbci({ application: this.application, listen: 'tcp://127.0.0.1:0' })
    this.engine = await Engine.to(this.#server.address)
  }

  async stop(): Promise<void> {
    this.engine.close()
    await this.#server.close()
    await this.application.close()
  }

  /** Engine and application die, and begin again with what is on the disk. */
  async restart(): Promise<void> {
    await this.stop()
    await this.#start()
  }

  /** The engine dies, and comes back to an application that lives. */
  async reconnect(): Promise<void> {
    this.engine.close()
    this.engine = await Engine.to(this.#server.address)
  }

  /** What the engine asks, and its answer. */
  ask<Kind extends RequestKind>(
    kind: Kind,
    request?: Partial<RequestOf<Kind>>,
  ): Promise<Required<ResponseOf<Kind>>> {
    return this.engine.ask(kind, request)
  }

  /** Begins the chain. */
  begin(more: Partial<RequestOf<'initChain'>> = {}) {
    return this.ask('initChain', {
      chainId: CHAIN,
      time: timestampOf(GENESIS_MS),
      initialHeight: 1,
      appStateBytes: appStateOf(genesis),
      ...more,
    })
  }

  /** A whole block: decided and committed; its root. */
  async decide(height: number, txs: Uint8Array[] = [], afterMs = height * 1000) {
    const result = await this.ask('finalizeBlock', blockAt(height, txs, afterMs))
    await this.ask('commit')
    return result
  }
}

/** A block as an engine asks about it. */
export const blockAt = (height: number, txs: Uint8Array[] = [], afterMs = height * 1000) => ({
  height,
  time: timestampOf(GENESIS_MS + afterMs),
  proposerAddress: cometAddress(validators[0]!),
  txs,
})

/** Where the state has an account. */
export const keyOf = ({ id }: Person): Uint8Array => Buffer.from(`accounts/${id}`)
