/** What the client's advice names, and what it is here. */
const OUR_WORDS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/: raise (maxPrice|budget)$/, ': raise --budget'],
]

/** An error whose advice names the options of this program. */
export function inOurWords(error: Error): Error {
  for (const [theirs, ours] of OUR_WORDS) error.message = error.message.replace(theirs, ours)
  return error
}
