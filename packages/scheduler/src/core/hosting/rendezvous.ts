/**
 * A node's place in the order of nodes for a model, the same for all who look (rendezvous hashing;
 * Thaler & Ravishankar 1998): 0 for the first.
 */
export function rendezvousRank(model: string, self: string, others: Iterable<string>): number {
  const own = rendezvousScore(model, self)
  let rank = 0
  for (const peerId of others) {
    if (peerId === self) continue
    const score = rendezvousScore(model, peerId)
    if (score > own || (score === own && peerId > self)) rank++
  }
  return rank
}

/** A 32-bit number that looks random, for each pair of model and node: FNV-1a, finished as in MurmurHash3. */
export function rendezvousScore(model: string, peerId: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < model.length; index++)
    hash = Math.imul(hash ^ model.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ 0xff, 0x01000193)
  for (let index = 0; index < peerId.length; index++)
    hash = Math.imul(hash ^ peerId.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
