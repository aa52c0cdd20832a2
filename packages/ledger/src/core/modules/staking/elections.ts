import { type Election, Elections, LIMITS, ValidatorSet } from '@neurovoyance/protocol'
import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { collection, single } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'
import { horizonOf } from './parameters.js'

/** Elections that evidence may still be about, oldest first. */
export const elections = single<Elections>('staking/elections', { codec: Elections })

/** Elected sets by the first height that they decide. */
export const electedSets = collection<ValidatorSet>('staking/sets', { codec: ValidatorSet })

/**
 * A set that is elected in block h decides from block h + 2 on: the header of h + 1, which names the validators of
 * h + 2, is the first one that can know of it. The genesis elects for the first block.
 */
export const ELECTED_AFTER_BLOCKS = 2

const NO_VALIDATORS: ValidatorSet = Object.freeze({ validators: [] })
const DIGITS = 16
const setId = (height: number): string => String(height).padStart(DIGITS, '0')

const electionsOf = (draft: Draft): readonly Election[] => elections.get(draft)?.elections ?? []

/** The first height that a set which is elected now decides. */
export const effectiveHeight = (height: number): number => (height === 0 ? 1 : height + ELECTED_AFTER_BLOCKS)

/** The latest election; `undefined` on a ledger without validators. */
export const latestElection = (draft: Draft): Election | undefined => electionsOf(draft).at(-1)

/**
 * The validators that are elected now, sorted by public key: they decide from `latestElection(draft).height` on. A
 * block changed them if the `set` of that election is another than before it.
 */
export function validatorSetOf(draft: Draft): ValidatorSet {
  const latest = latestElection(draft)
  return latest === undefined ? NO_VALIDATORS : electedSets.get(draft, setId(latest.set))!
}

/** The election and the validators under which a height was decided; `undefined` for what is too long ago. */
export function electionAt(
  draft: Draft,
  height: number,
): { readonly election: Election; readonly set: ValidatorSet } | undefined {
  const election = electionsOf(draft).findLast(other => other.height <= height)
  return election && { election, set: electedSets.get(draft, setId(election.set))! }
}

/** Puts an election down, and forgets those under which no fault can be punished any more. */
export function keepElection(
  context: BlockContext,
  set: ValidatorSet,
  { epoch, timeMs }: Pick<Election, 'epoch' | 'timeMs'>,
): void {
  const { draft } = context
  const before = electionsOf(draft)
  const height = effectiveHeight(context.height)
  const latest = before.at(-1)
  const isSame = latest !== undefined && sameSet(validatorSetOf(draft), set)
  const election = { height, epoch, timeMs, set: isSame ? latest.set : height }
  if (!isSame) electedSets.set(draft, setId(height), set)
  const horizon = horizonOf(context)
  const after = [...before.filter(other => other.height < height), election]
  const from = after.findIndex(
    (other, index) => other.epoch > horizon && after.length - index <= LIMITS.elections,
  )
  const kept = after.slice(from)
  const named = new Set(kept.map(other => other.set))
  for (const other of before) if (!named.has(other.set)) electedSets.delete(draft, setId(other.set))
  elections.set(draft, { elections: kept })
}

/** Takes a validator out of the elected set at once; the last one stays, or there would be no chain. */
export function dismiss(context: BlockContext, key: Id): void {
  const latest = latestElection(context.draft)
  const { validators } = validatorSetOf(context.draft)
  const rest = validators.filter(({ publicKey }) => idOf(publicKey) !== key)
  if (latest === undefined || rest.length === validators.length || rest.length === 0) return
  keepElection(context, { validators: rest }, latest)
}

/**
 * Makes the latest election the one of the first height, of a chain that goes on from another's state: what was voted
 * there was signed for that chain, and is no evidence here.
 */
export function beginAnew({ draft }: Pick<BlockContext, 'draft'>): void {
  const before = electionsOf(draft)
  const latest = before.at(-1)
  if (latest === undefined) return
  const set = validatorSetOf(draft)
  for (const other of before) electedSets.delete(draft, setId(other.set))
  const height = effectiveHeight(0)
  electedSets.set(draft, setId(height), set)
  elections.set(draft, { elections: [{ ...latest, height, set: height }] })
}

const sameSet = (a: ValidatorSet, b: ValidatorSet): boolean =>
  a.validators.length === b.validators.length &&
  a.validators.every(
    ({ publicKey, power }, index) =>
      power === b.validators[index]!.power && idOf(publicKey) === idOf(b.validators[index]!.publicKey),
  )
