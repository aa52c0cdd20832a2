/** Where snapshots travel by their content: `p2p`'s artifacts fit. */
export interface SnapshotArtifacts {
  /** Takes a folder in; its files are not changed any more. */
  add(
    dir: string,
    options?: { signal?: AbortSignal; link?: boolean },
  ): Promise<{ readonly cid: string; readonly bytes: number }>
  /** Brings a folder here, from whoever has it. */
  fetch(
    cid: string,
    options?: { signal?: AbortSignal; providers?: readonly string[] },
  ): Promise<{ readonly path: string }>
  /** Forgets one. */
  remove(cid: string): Promise<unknown>
}
