/** Work that pauses now and then, so that whoever drives it can let others go first. */
export type Sliced<T> = Generator<void, T, void>

/** Does work to its end; between its slices, whatever else waits is done. */
export async function inSlices<T>(work: Sliced<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await breather()
  }
}

/** Lets others go first. */
export const breather = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0))

/** Decodes one item after the other. */
export function* mapSliced<Item, T>(items: readonly Item[], work: (item: Item) => Sliced<T>): Sliced<T[]> {
  const results: T[] = []
  for (const item of items) results.push(yield* work(item))
  return results
}
