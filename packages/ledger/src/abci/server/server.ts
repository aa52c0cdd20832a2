import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { type Logger, silentLogger } from '@neurovoyance/protocol'
import type { AbciApplication } from '../application/application.js'
import { parseListen } from './address.js'
import { serveConnection } from './connection.js'
import { Turns } from './turns.js'

/** How an application is offered to CometBFT. */
export interface AbciServerInit {
  readonly application: AbciApplication
  /**
   * As CometBFT's `proxy_app`: `tcp://127.0.0.1:26658` (port 0 for a free one) or `unix:///run/app.sock`. Whoever
   * reaches it is taken for CometBFT: keep it on this machine.
   */
  readonly listen: string
  readonly logger?: Logger
}

/** The socket at work. */
export interface AbciServer {
  /** Where it is, for `proxy_app`. */
  readonly address: string
  /** Ends the connections and the socket; the application stays open. */
  close(): Promise<void>
}

/** CometBFT opens four: consensus, mempool, query, snapshot. After a crash there may be the old ones, too. */
const CONNECTIONS = 16

/**
 * Answers CometBFT's four connections.
 *
 * @throws AbciError `LEDGER_ABCI_BAD_ADDRESS`; the system's error where it cannot listen there
 */
export async function serveAbci({
  application,
  listen,
  logger = silentLogger,
}: AbciServerInit): Promise<AbciServer> {
  const options = parseListen(listen)
  const sockets = new Map<Socket, Promise<void>>()
  const turns = new Turns()
  const server = createServer({ noDelay: true }, socket => {
    socket.on('error', error => logger.debug({ error: String(error) }, 'a connection broke'))
    const served = serveConnection(socket, application, turns, logger).finally(() => sockets.delete(socket))
    sockets.set(socket, served)
  })
  server.maxConnections = CONNECTIONS
  // What a killed process left behind is in the way.
  if ('path' in options) rmSync(options.path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const bound = server.address()
  const address =
    bound === null || typeof bound === 'string' || 'path' in options
      ? listen
      : `tcp://${options.host.includes(':') ? `[${options.host}]` : options.host}:${bound.port}`
  return {
    address,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      const served = [...sockets.values()]
      for (const socket of sockets.keys()) socket.destroy()
      await Promise.all([closed, ...served])
    },
  }
}
