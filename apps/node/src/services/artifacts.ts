import type { Host } from '@neurovoyance/p2p'
import { type Artifacts, createArtifacts } from '@neurovoyance/p2p/artifacts'
import type { ServiceFactory } from '../service.js'

/** Stores files and folders by CID in a folder, fetches and serves them. */
export function artifacts({ dir }: { dir: string }): ServiceFactory<{ network: Host }, Artifacts> {
  return ({ network }, { logger }) => createArtifacts({ host: network, dir, logger })
}
