import { P2pError } from '../errors.js'
import type { Channel, ChannelUser } from './channel.js'

/** What speaks for a stream that no call is on: nothing may come. */
export class IdleUser implements ChannelUser {
  readonly #channel: Channel | undefined
  readonly #idle: Channel[]

  constructor(channel: Channel | undefined, idle: Channel[]) {
    this.#channel = channel
    this.#idle = idle
  }

  admit(): number {
    throw new P2pError('P2P_MALFORMED', 'The peer sent a frame that answers no call.')
  }

  allocate(byteLength: number): Uint8Array {
    return new Uint8Array(byteLength)
  }

  deliver(): void {}
  release(): void {}

  onFault(error: P2pError): void {
    this.#channel?.reset(error)
  }

  onRemoteEnd(): void {
    const channel = this.#channel
    if (channel === undefined) return
    const at = this.#idle.indexOf(channel)
    if (at >= 0) this.#idle.splice(at, 1)
    channel.end()
  }

  onClose(): void {}
}
