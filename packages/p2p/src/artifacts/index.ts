/**
 * Files and folders by IPFS CID, on this disk and from other peers.
 *
 * @module
 */
export { createArtifacts } from './create-artifacts.js'
export { type ArtifactLimits, defaultArtifactLimits } from './limits.js'
export type {
  AddOptions,
  ArtifactHost,
  ArtifactOptions,
  ArtifactProgress,
  Artifacts,
  ArtifactsInit,
  FetchOptions,
  RemoteArtifact,
  RemoteFile,
  StoredArtifact,
} from './types.js'
