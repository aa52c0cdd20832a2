import { concatBytes } from '@noble/hashes/utils.js'
import type { BlockId, Part, Proposal } from '../message.js'
import { blockIdOf, hashParts, isPartOf } from './merkle.js'

/** What the application thinks of a block. */
export interface Verdict {
  /** Whether it may be decided at all; the same at every honest validator. */
  valid: boolean
  /** Whether its stamp is near this validator's clock; asked of new proposals only (line 22). */
  timely: boolean
}

/** A block that was proposed at a height, as far as it is here. */
export interface Candidate {
  readonly blockId: BlockId
  readonly headerHash: string
  readonly partsRoot: string
  /** By index; undefined where one is missing. */
  readonly parts: (Part | undefined)[]
  missing: number
  /** Its bytes, once every part is here. */
  bytes: Uint8Array | undefined
  /** Whether the application was asked. */
  asked: boolean
  /** Undefined until it has answered. */
  verdict: Verdict | undefined
}

/** A block of which nothing is here yet. */
export function emptyCandidate(proposal: Proposal): Candidate {
  const { blockId, headerHash, partsRoot, total } = proposal
  return {
    blockId,
    headerHash,
    partsRoot,
    parts: new Array<Part | undefined>(total).fill(undefined),
    missing: total,
    bytes: undefined,
    asked: false,
    verdict: undefined,
  }
}

/** A whole block from its bytes. */
export function wholeCandidate(
  height: number,
  headerHash: string,
  bytes: Uint8Array,
  partBytes: number,
): Candidate {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length || at === 0; at += partBytes)
    chunks.push(bytes.subarray(at, at + partBytes))
  const { root: partsRoot, proofs } = hashParts(chunks)
  return {
    blockId: blockIdOf(headerHash, chunks.length, partsRoot),
    headerHash,
    partsRoot,
    parts: chunks.map((chunk, index) => ({ height, partsRoot, index, bytes: chunk, proof: proofs[index]! })),
    missing: 0,
    bytes,
    asked: false,
    verdict: undefined,
  }
}

/** Keeps a part if it is missing and its proof holds; says whether it did. */
export function keepPart(candidate: Candidate, part: Part, partBytes: number): boolean {
  const { parts, partsRoot } = candidate
  const { index, bytes, proof } = part
  if (!Number.isInteger(index) || index < 0 || index >= parts.length || parts[index] !== undefined)
    return false
  const isLast = index === parts.length - 1
  if (bytes.length > partBytes || (!isLast && bytes.length < partBytes)) return false
  if (!isPartOf(partsRoot, parts.length, index, bytes, proof)) return false
  parts[index] = part
  candidate.missing--
  if (candidate.missing === 0) candidate.bytes = concatBytes(...parts.map(kept => kept!.bytes))
  return true
}
