import { configureGlobal } from 'fast-check'

/**
 * Property tests look at the same cases every time, so that a test fails by a change and never by chance. Other cases:
 * `NEUROVOYANCE_SEED=<whole number>`, or `random`.
 */
const given = process.env.NEUROVOYANCE_SEED ?? '1'

if (given !== 'random') {
  const seed = Number(given)
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`NEUROVOYANCE_SEED is a whole number or 'random', not '${given}'`)
  configureGlobal({ seed })
}
