import { hexToBytes } from '@noble/hashes/utils.js'
import { expect, it } from 'vitest'
import { makeProof, proofHolds, proofKey } from './membership-proof.js'

// The example of docs/protocol.md: another implementation makes the same proofs.
const key = proofKey(Uint8Array.from({ length: 32 }, (_, index) => index))
const call = {
  caller: '12D3KooWA4Xop1JaT3MHxwYMkCepYsv4iPVopMXwCz5iHYdBfeSB',
  answerer: '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5',
  callerNonce: new Uint8Array(32).fill(0xaa),
}
const answer = { ...call, answererNonce: new Uint8Array(32).fill(0xbb) }

it('has a fixed value, so that a change of the definition shows', () => {
  expect(makeProof(key, call)).toEqual(
    hexToBytes('6f617695331765b962a88540e79567fe7ae9c079a692294e70981bfc91b77217'),
  )
  expect(makeProof(key, answer)).toEqual(
    hexToBytes('876017c88f03386a13b0a11316c1d5046390de5379b2d54b6f59f696d2949c37'),
  )
})

it('holds for its own statement and key only', () => {
  const proof = makeProof(key, answer)
  expect(proofHolds(key, answer, proof)).toBe(true)
  const swapped = { ...answer, caller: answer.answerer, answerer: answer.caller }
  const reused = { ...answer, answererNonce: new Uint8Array(32) }
  for (const other of [call, swapped, reused]) expect(proofHolds(key, other, proof)).toBe(false)
  expect(proofHolds(proofKey(new Uint8Array(32)), answer, proof)).toBe(false)
  expect(proofHolds(key, answer, proof.subarray(0, 31))).toBe(false)
})
