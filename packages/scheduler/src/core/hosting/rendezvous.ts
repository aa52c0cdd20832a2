/** A node in the order of nodes for a model. */
export interface Ranked {
  /** `rendezvousHash` of the node's PeerId. */
  hash: number
}

/**
 * A node's place in the order of nodes for a model, the same for all who look (rendezvous hashing;
 * Thaler & Ravishankar 1998): 0 for the first. Of the others, those count that `counts` lets; the node itself
 * may be among them.
 */
export function rendezvousRank<T extends Ranked>(
  model: string,
  self: Ranked,
  others: Iterable<T>,
  counts: (other: T) => boolean = () => true,
): number {
  const modelHash = rendezvousHash(model)
  const own = mix(modelHash, self.hash)
  let rank = 0
  for (const other of others) if (mix(modelHash, other.hash) > own && counts(other)) rank++
  return rank
}

/** A 32-bit hash of an id (FNV-1a), to be computed once for each. */
export function rendezvousHash(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** One number that looks random from two: the finishing steps of MurmurHash3. */
function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
