import { APPLICATION_VERSION } from '../../core/block/assemble.js'
import type { Ledger } from '../application/ledger.js'
import type { ResponseOf } from '../messages/responses.js'

/** Tells how far the ledger is here, so that CometBFT plays again what a crash took away. */
export function info({ keeper }: Ledger): ResponseOf<'info'> {
  const { head } = keeper
  return {
    data: 'neurovoyance',
    version: String(APPLICATION_VERSION),
    appVersion: APPLICATION_VERSION,
    lastBlockHeight: head?.height ?? 0,
    lastBlockAppHash: head === undefined || head.height === 0 ? new Uint8Array(0) : head.root,
  }
}
