/** What is to happen at a time; of two at the same time, the one put in first comes first. */
interface Entry<T> {
  atMs: number
  order: number
  value: T
}

/** A queue of events in the order of time and, within a moment, of arrival: a binary heap. */
export interface EventQueue<T> {
  push(atMs: number, value: T): void
  /** Time of the next event. */
  peekMs(): number | undefined
  pop(): { atMs: number; value: T } | undefined
  readonly size: number
}

/** An empty queue. */
export function createEventQueue<T>(): EventQueue<T> {
  const heap: Entry<T>[] = []
  let order = 0

  const before = (a: Entry<T>, b: Entry<T>): boolean =>
    a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  function rise(index: number): void {
    const entry = heap[index]!
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(entry, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = entry
  }

  function sink(entry: Entry<T>): void {
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, entry)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = entry
  }

  return {
    push(atMs, value) {
      heap.push({ atMs, order: order++, value })
      rise(heap.length - 1)
    },
    peekMs: () => heap[0]?.atMs,
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (first !== undefined && last !== first) sink(last!)
      return first
    },
    get size() {
      return heap.length
    },
  }
}
