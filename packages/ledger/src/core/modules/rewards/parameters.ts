import { ledgerError } from '../../../errors.js'
import { WHOLE } from '../../amount.js'
import type { ParameterTable } from '../../parameters/parameter.js'

const DAY_MS = 24n * 3_600_000n

/** What a payment gives to all, and what may be minted for it. */
export const rewardsParameters: ParameterTable = {
  burnShare: {
    value: 100_000n,
    least: 10_000n,
    most: 300_000n,
    unit: 'millionths',
    meaning: 'Share of every payment for work that is burnt, rounded up.',
  },
  stakersShare: {
    value: 30_000n,
    least: 0n,
    most: 200_000n,
    unit: 'millionths',
    meaning: 'Share of every payment for work that validators and their stakers get.',
  },
  treasuryShare: {
    value: 20_000n,
    least: 0n,
    most: 200_000n,
    unit: 'millionths',
    meaning: 'Share of every payment for work that the treasury gets.',
  },
  mintShare: {
    value: 90_000n,
    least: 0n,
    most: 270_000n,
    unit: 'millionths',
    meaning: 'The most that is minted for a payment, of what was paid; at most nine tenths of burnShare.',
  },
  drawnMintShare: {
    value: 90_000n,
    least: 0n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'The same for work whose workers the ledger draws.',
  },
  largestDrawShare: {
    value: 1_000_000n,
    least: 10_000n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'Share of the draws that one person is thought able to win; bounds drawnMintShare.',
  },
  firstBudget: {
    value: 100_000_000_000_000n,
    least: 0n,
    most: 1_000_000_000_000_000n,
    unit: 'base units',
    meaning: 'The most that is minted for the work of the first epoch; what is not used lapses.',
  },
  halvingEpochs: {
    value: 730n,
    least: 1n,
    most: 36_500n,
    unit: 'epochs',
    meaning: 'The budget of an epoch falls to half within so many, evenly.',
  },
  immediateShare: {
    value: 250_000n,
    least: 0n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'Share of minted coins that a worker has at once; the rest vests.',
  },
  vestingMs: {
    value: 180n * DAY_MS,
    least: DAY_MS,
    most: 730n * DAY_MS,
    unit: 'ms',
    meaning: 'Time in which minted coins vest.',
  },
}

/** All that can ever be minted stays below this: with the genesis's coins it fits the amounts. */
const MOST_MINTED = 1n << 62n

/**
 * What has to hold so that nobody gains by paying himself.
 *
 * Of F paid to oneself, a person with the share σ of the stake has back F·(1 − b − t − (1 − σ)·v), and F·k minted:
 * below F for every σ as soon as k is below b. Work that the ledger hands out is paid to strangers but for the
 * share a of the draws, so that a·(1 − b + k) below 1 is enough there.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS`
 */
export function checkRewards(of: (name: string) => bigint): void {
  const burn = of('rewards/burnShare')
  const given = burn + of('rewards/stakersShare') + of('rewards/treasuryShare')
  const mint = of('rewards/mintShare')
  const drawn = of('rewards/drawnMintShare')
  const must = (holds: boolean, problem: string): void => {
    if (!holds) throw ledgerError('LEDGER_BAD_PARAMETERS', problem)
  }
  must(
    mint * 10n <= burn * 9n,
    `rewards/mintShare is ${mint} and has to be at most nine tenths of rewards/burnShare, ${burn}`,
  )
  must(
    of('rewards/largestDrawShare') * (WHOLE - burn + drawn) < WHOLE * WHOLE,
    `rewards/drawnMintShare is ${drawn}: who wins rewards/largestDrawShare of the draws gains by paying himself`,
  )
  must(given * 2n <= WHOLE, `a worker gets less than half of what is paid: ${given} millionths are taken`)
  must(
    of('rewards/firstBudget') * of('rewards/halvingEpochs') * 2n <= MOST_MINTED,
    'rewards/firstBudget and rewards/halvingEpochs mint more than there can be',
  )
}
