import { P2pError } from '../errors.js'

/**
 * The error of a host that could not start, as `P2P_PORT_TAKEN` where that is the reason.
 */
export function startError(cause: unknown): unknown {
  const text = cause instanceof Error ? cause.message : String(cause)
  const taken = /EADDRINUSE[^\n]*?:(\d+)\b|Address already in use/i.exec(text)
  if (taken === null) return cause
  return portTaken(taken[1] === undefined ? undefined : Number(taken[1]), cause)
}

/** Says that another program listens on a port. */
export function portTaken(port: number | undefined, cause?: unknown): P2pError {
  const which = port === undefined ? 'a port that this host was told to listen on' : `port ${port}`
  return new P2pError(
    'P2P_PORT_TAKEN',
    `${which} is taken by another program: stop it, choose another port, or use port 0 for any free one`,
    { details: { port }, cause },
  )
}
