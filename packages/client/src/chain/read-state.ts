import { Draft } from '@neurovoyance/ledger'
import { ClientError } from '../errors.js'

/** Gives values of the state after one block: `ChainAccess.get`. */
export type GetValues = (keys: readonly string[]) => Promise<readonly (Uint8Array | undefined)[]>

/** A view that leads from value to value goes as deep as this. */
const MOST_ROUNDS = 12
const MOST_KEYS = 2_048

/**
 * Runs a function of the ledger over a state that is elsewhere: it is run, what it looked for is fetched, and it is
 * run again until nothing is missing. All values that it sees in the end are of the state after one block.
 *
 * @param view reads and changes nothing else
 * @throws what `view` throws; ClientError `CLIENT_INVALID_ARGUMENT` where it wants too much
 */
export async function readState<Result>(get: GetValues, view: (draft: Draft) => Result): Promise<Result> {
  let keys: readonly string[] = []
  for (let round = 0; round < MOST_ROUNDS && keys.length <= MOST_KEYS; round++) {
    const values = keys.length === 0 ? [] : await get(keys)
    const known = new Map(keys.map((key, index) => [key, values[index]]))
    const missing = new Set<string>()
    const draft = new Draft({
      get(key) {
        if (!known.has(key)) missing.add(key)
        return known.get(key)
      },
    })
    const outcome = attempt(() => view(draft))
    if (missing.size === 0) return outcome()
    keys = [...keys, ...missing]
  }
  throw new ClientError('CLIENT_INVALID_ARGUMENT', `more than ${MOST_KEYS} values are not read at once`)
}

/** A view that lacks values may throw: only what it says when it has them all counts. */
function attempt<Result>(view: () => Result): () => Result {
  try {
    const result = view()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}
