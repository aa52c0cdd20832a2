/** When a peer that could not be reached may be tried again: after 1 s, 2 s, 4 s … 60 s. */
export interface RedialSchedule {
  /** @param lastMs the longest pause; shorter than 60 s for whoever has nobody else */
  due(peerId: string, nowMs: number, lastMs?: number): boolean
  failed(peerId: string, nowMs: number): void
  reached(peerId: string): void
}

const FIRST_MS = 1_000
const LAST_MS = 60_000
/** Failures remembered; the oldest is forgotten first. */
const REMEMBERED = 1_024

/** A schedule on which every peer is due. */
export function createRedialSchedule(): RedialSchedule {
  const failures = new Map<string, { count: number; lastMs: number }>()
  return {
    due(peerId, nowMs, lastMs = LAST_MS) {
      const failure = failures.get(peerId)
      return (
        failure === undefined ||
        nowMs >= failure.lastMs + Math.min(lastMs, FIRST_MS * 2 ** (failure.count - 1))
      )
    },
    failed(peerId, nowMs) {
      const count = (failures.get(peerId)?.count ?? 0) + 1
      failures.delete(peerId)
      failures.set(peerId, { count, lastMs: nowMs })
      if (failures.size > REMEMBERED) failures.delete(failures.keys().next().value as string)
    },
    reached: peerId => {
      failures.delete(peerId)
    },
  }
}
