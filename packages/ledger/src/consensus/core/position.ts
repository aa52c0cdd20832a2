import type { Unsigned } from './message.js'

/** Steps in which a validator signs, in their order within a round. */
export const SIGNED_STEPS = ['proposal', 'prevote', 'precommit'] as const
export type SignedStep = (typeof SIGNED_STEPS)[number]

/** Where in a chain's life something is signed; a validator signs at most once at each. */
export interface Position {
  height: number
  round: number
  step: SignedStep
}

/** Where a message belongs. */
export function positionOf(message: Unsigned): Position {
  const step = message.kind === 'vote' ? message.type : 'proposal'
  return { height: message.height, round: message.round, step }
}

/** The name of a position, which also names the request to sign there: `12/0/prevote`. */
export function positionKey({ height, round, step }: Position): string {
  return `${height}/${round}/${step}`
}

/** Below zero where `a` comes before `b`, zero where they are one, else above. */
export function comparePositions(a: Position, b: Position): number {
  return (
    a.height - b.height || a.round - b.round || SIGNED_STEPS.indexOf(a.step) - SIGNED_STEPS.indexOf(b.step)
  )
}

/** The position of this name at a height. */
export function positionIn(height: number, key: string): Position {
  const [, round, step] = key.split('/')
  return { height, round: Number(round), step: SIGNED_STEPS.find(name => name === step) ?? 'proposal' }
}
