import type { Clock } from '@neurovoyance/protocol'
import type { ArtifactStore } from './store.js'

/** What telling the network again and again needs. */
export interface AnnounceInit {
  clock: Clock
  intervalMs: number
  store: ArtifactStore
  tell: (cid: string) => void
}

/** A node that has just started knows nobody yet. */
const FIRST_MS = 10_000

/** Tells the network what is held here, soon after the start and then at intervals: provider records expire. */
export function announceHeld({ clock, intervalMs, store, tell }: AnnounceInit): () => void {
  let cancel = clock.after(FIRST_MS, announce)

  function announce(): void {
    for (const { cid } of store.list()) tell(cid)
    cancel = clock.after(intervalMs, announce)
  }

  return () => cancel()
}
