import { NodeError } from '../errors.js'

/** Most that a gateway works on at a time. */
export interface BodyLimits {
  /** Requests with a body. */
  readonly requests: number
  /** Their bodies together. */
  readonly bytes: number
}

/** The part of a budget that one request has. */
export interface Allowance {
  /** Takes room for further bytes. @throws NodeError `NODE_GATEWAY_BUSY` where there is none */
  take(bytes: number): void
  /** Gives everything back; safe to call more than once. */
  release(): void
}

/** Shares out room for request bodies, so that callers in a crowd are told to come back instead of filling the memory. */
export function createBodyBudget(limits: BodyLimits): { admit(): Allowance } {
  let requests = 0
  let bytes = 0
  return {
    admit() {
      if (requests >= limits.requests) throw busy(`${limits.requests} requests`)
      requests++
      let taken = 0
      let released = false
      return {
        take(more) {
          if (bytes + more > limits.bytes) throw busy(`${limits.bytes} bytes of requests`)
          bytes += more
          taken += more
        },
        release() {
          if (released) return
          released = true
          requests--
          bytes -= taken
        },
      }
    },
  }
}

function busy(work: string): NodeError {
  return new NodeError('NODE_GATEWAY_BUSY', `The gateway works on ${work} already: try again in a second.`)
}
