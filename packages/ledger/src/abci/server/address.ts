import { abciError } from '../errors.js'

/** Where the socket is, in the words of Node's `net`. */
export type ListenOptions = { readonly path: string } | { readonly host: string; readonly port: number }

const TCP = /^tcp:\/\/(.+):(\d{1,5})$/
const UNIX = /^unix:\/\/(.+)$/

/**
 * An address as CometBFT's `proxy_app` has it: `tcp://127.0.0.1:26658` or `unix:///run/app.sock`.
 *
 * @throws AbciError `LEDGER_ABCI_BAD_ADDRESS`
 */
export function parseListen(address: string): ListenOptions {
  const path = UNIX.exec(address)?.[1]
  if (path !== undefined) return { path }
  const [, host, port] = TCP.exec(address) ?? []
  if (host !== undefined && Number(port) <= 65_535) {
    return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
  }
  throw abciError('LEDGER_ABCI_BAD_ADDRESS', `${address} is neither tcp://<host>:<port> nor unix://<path>`)
}
