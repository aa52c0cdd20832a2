/** When a peer that could not be reached may be tried again: after 1 s, 2 s, 4 s … 60 s. */
export interface RedialSchedule {
  due(peerId: string, nowMs: number): boolean
  failed(peerId: string, nowMs: number): void
  reached(peerId: string): void
}

const FIRST_MS = 1_000
const LAST_MS = 60_000
/** Failures remembered; the oldest is forgotten first. */
const REMEMBERED = 1_024

/** A schedule on which every peer is due. */
export function createRedialSchedule(): RedialSchedule {
  const failures = new Map<string, { count: number; nextMs: number }>()
  return {
    due: (peerId, nowMs) => (failures.get(peerId)?.nextMs ?? 0) <= nowMs,
    failed(peerId, nowMs) {
      const count = (failures.get(peerId)?.count ?? 0) + 1
      failures.delete(peerId)
      failures.set(peerId, { count, nextMs: nowMs + Math.min(LAST_MS, FIRST_MS * 2 ** (count - 1)) })
      if (failures.size > REMEMBERED) failures.delete(failures.keys().next().value as string)
    },
    reached: peerId => {
      failures.delete(peerId)
    },
  }
}
