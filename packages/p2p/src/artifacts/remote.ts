/**
 * Artifacts that others hold, read by ranges, with nothing kept on a disk: for programs and pages that only look.
 *
 * @module
 */
import { type Clock, canonicalCid, type Logger, silentLogger, systemClock } from '@neurovoyance/protocol'
import { defaultArtifactLimits } from './limits.js'
import { openRemoteArtifact } from './remote-artifact.js'
import type { ArtifactHost, RemoteArtifact } from './types.js'

/** What an artifact is read with. */
export interface ReadArtifactInit {
  host: ArtifactHost
  cid: string
  /** Peers known to hold it, asked beside those that the network finds. */
  providers?: readonly string[]
  /** Closes it. */
  signal: AbortSignal
  /** Default: the machine's clock. */
  clock?: Clock
  /** Default: says nothing. */
  logger?: Logger
}

/**
 * Learns what an artifact is made of, and gives its files to read; every byte is checked by its CID.
 *
 * @throws P2pError `P2P_ARTIFACT_NOT_FOUND`, `P2P_ARTIFACT_CORRUPT`, `P2P_CANCELLED`; ProtocolError `PROTOCOL_BAD_ID`
 */
export function readArtifact(init: ReadArtifactInit): Promise<RemoteArtifact> {
  const { host, cid, providers = [], signal, clock = systemClock, logger = silentLogger } = init
  const onCorrupt = (peerId: string) => logger.warn({ cid, peerId }, 'a provider sent other bytes')
  const limits = defaultArtifactLimits
  return openRemoteArtifact({
    host,
    cid: canonicalCid(cid),
    providers,
    signal,
    clock,
    logger,
    limits,
    onCorrupt,
  })
}

export type { ArtifactHost, RemoteArtifact, RemoteFile } from './types.js'
