import type { Libp2p } from '@libp2p/interface'
import type { Clock, Logger } from '@neurovoyance/protocol'
import type { Rpc } from '../rpc/index.js'
import type { ArtifactLimits } from './limits.js'

/** What artifacts need of a host; `Host` fits. */
export interface ArtifactHost {
  readonly peerId: string
  readonly rpc: Pick<Rpc, 'serve' | 'call' | 'duplex'>
  readonly libp2p: Pick<Libp2p, 'contentRouting'>
  /** The peers connected now: asked as well, for some hold what they cannot announce, such as clients that do not listen. */
  peers?(): readonly { readonly peerId: string }[]
}

/** What artifacts are made from. */
export interface ArtifactsInit {
  host: ArtifactHost
  /** Folder that belongs to the store; made where it is missing. */
  dir: string
  /** Default: says nothing. */
  logger?: Logger
  /** Default: the machine's clock. */
  clock?: Clock
  /** Default: `defaultArtifactLimits`; given fields replace its. */
  limits?: Partial<ArtifactLimits>
  /** Told of providers whose bytes did not match their CID. Default: nobody is. */
  onCorruptProvider?: (peerId: string) => void
}

/** How far something that takes long has come. */
export interface ArtifactProgress {
  /**
   * `import`: a local path is hashed and copied. `find`: providers and the list of blocks are looked up.
   * `verify`: what an earlier download left is checked. `download`: blocks arrive. `sync`: they are made durable.
   */
  phase: 'import' | 'find' | 'verify' | 'download' | 'sync'
  doneBytes: number
  /** 0 while it is not known. */
  totalBytes: number
  /** Peers that blocks come from now. */
  providers: number
}

/** Options of what takes long. */
export interface ArtifactOptions {
  onProgress?: (progress: ArtifactProgress) => void
  signal?: AbortSignal
}

/** Options of `add`. */
export interface AddOptions extends ArtifactOptions {
  /** Hard-links files instead of copying them: no bytes are doubled, but the files must not be changed any more. */
  link?: boolean
}

/** Options of `fetch`. */
export interface FetchOptions extends ArtifactOptions {
  /** Peers known to hold the artifact, asked beside those that the network finds. */
  providers?: readonly string[]
}

/** An artifact that is complete and on this disk. */
export interface StoredArtifact {
  cid: string
  /** The file or folder, to be read only. */
  path: string
  /** Bytes of its files. */
  bytes: number
  files: number
}

/** One file of an artifact that others hold. */
export interface RemoteFile {
  /** Path below the artifact's folder, with `/`; empty where the artifact is this file. */
  readonly path: string
  readonly bytes: number
  /**
   * Reads a part, as much as there is; every block is verified.
   *
   * @throws P2pError `P2P_ARTIFACT_NOT_FOUND`, `P2P_ARTIFACT_CORRUPT`, `P2P_CANCELLED`
   */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** An artifact that is read from its providers, bit by bit. */
export interface RemoteArtifact {
  readonly cid: string
  readonly files: readonly RemoteFile[]
  /** Ends what is being read. */
  close(): void
}

/** Files and folders by their IPFS CID. */
export interface Artifacts {
  /**
   * Takes a file or folder into the store and tells the network about it. Of a folder, what begins with a dot stays out.
   *
   * @throws P2pError `P2P_ARTIFACT_UNSUPPORTED`, `P2P_LIMIT_EXCEEDED`, `P2P_DISK_FULL`, `P2P_CANCELLED`
   */
  add(path: string, options?: AddOptions): Promise<StoredArtifact>
  /**
   * Gives an artifact's path, after fetching what is missing from its providers. A fetch that was cancelled or
   * killed goes on where it stopped.
   *
   * @throws P2pError `P2P_ARTIFACT_NOT_FOUND` where nobody has it, `P2P_ARTIFACT_UNSUPPORTED`, `P2P_LIMIT_EXCEEDED`,
   * `P2P_DISK_FULL`, `P2P_CANCELLED`
   */
  fetch(cid: string, options?: FetchOptions): Promise<StoredArtifact>
  /**
   * Opens an artifact where it is, to read parts of it: nothing is kept on this disk.
   *
   * @throws P2pError `P2P_ARTIFACT_NOT_FOUND`, `P2P_ARTIFACT_UNSUPPORTED`, `P2P_LIMIT_EXCEEDED`, `P2P_CANCELLED`
   */
  open(cid: string, options?: Pick<FetchOptions, 'providers' | 'signal'>): Promise<RemoteArtifact>
  /** Where a complete artifact is. */
  path(cid: string): string | undefined
  /** The complete artifacts. */
  list(): StoredArtifact[]
  /** Forgets an artifact, complete or not, and frees its space; true where there was one. */
  remove(cid: string): Promise<boolean>
  /** Tells the network again that an artifact is here. */
  provide(cid: string): Promise<void>
  /** Cancels downloads (they can go on later) and stops serving. */
  close(): Promise<void>
}
