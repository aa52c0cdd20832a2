/** What a child holds: sessions in order of use, least recently used first. */
export interface SessionCache {
  /** Bytes per model id; a Map keeps the order of insertion, and a use inserts again. */
  readonly bytesById: Map<string, number>
  readonly limitBytes: number
  usedBytes: number
}

/** An empty cache that holds `limitBytes`. */
export function createSessionCache(limitBytes: number): SessionCache {
  return { bytesById: new Map(), limitBytes, usedBytes: 0 }
}

/** Marks a session as the latest used. */
export function touchSession(cache: SessionCache, id: string): boolean {
  const bytes = cache.bytesById.get(id)
  if (bytes === undefined) return false
  cache.bytesById.delete(id)
  cache.bytesById.set(id, bytes)
  return true
}

/** Puts in a session, or corrects its size; it becomes the latest used. */
export function putSession(cache: SessionCache, id: string, bytes: number): void {
  dropSession(cache, id)
  cache.bytesById.set(id, bytes)
  cache.usedBytes += bytes
}

/** Takes out a session; `false` where there is none. */
export function dropSession(cache: SessionCache, id: string): boolean {
  const bytes = cache.bytesById.get(id)
  if (bytes === undefined) return false
  cache.bytesById.delete(id)
  cache.usedBytes -= bytes
  return true
}

/**
 * Takes out the least recently used sessions until `incomingBytes` more fit, and returns their ids.
 * The session `keep` stays, even where it alone is over the limit.
 */
export function evictSessions(cache: SessionCache, incomingBytes: number, keep?: string): string[] {
  const evicted: string[] = []
  for (const id of cache.bytesById.keys()) {
    if (cache.usedBytes + incomingBytes <= cache.limitBytes) break
    if (id === keep) continue
    dropSession(cache, id)
    evicted.push(id)
  }
  return evicted
}
