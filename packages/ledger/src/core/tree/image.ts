/** Nodes in arrays, side by side by index. */
export interface Nodes {
  /** Indices below this are in use, or on the free list. */
  end: number
  free: number
  frozen: Frozen | undefined
  readonly arrays: readonly { bytes: Uint8Array; itemBytes: number }[]
  restore(end: number, free: number): void
}

/** How many nodes are copied at once when one of them changes while an image is taken. */
const PAGE_ITEMS = 1024

/**
 * Nodes as they were at one moment, read page by page while the tree goes on changing: a page that is about to
 * change and was not read yet is copied first.
 */
export class Frozen {
  readonly #nodes: Nodes
  readonly #end: number
  /** By page: its copy, or `null` where it was read. */
  readonly #pages: (readonly Uint8Array[] | null | undefined)[] = []

  constructor(nodes: Nodes) {
    this.#nodes = nodes
    this.#end = nodes.end
  }

  /** Before the node of this index changes. */
  keep(index: number): void {
    const page = Math.floor(index / PAGE_ITEMS)
    if (index < this.#end && this.#pages[page] === undefined) this.#pages[page] = this.#copy(page)
  }

  /** The pages' bytes, in memory of their own. */
  *parts(): Generator<Uint8Array> {
    for (let page = 0; page * PAGE_ITEMS < this.#end; page++) {
      const parts = this.#pages[page] ?? this.#copy(page)
      this.#pages[page] = null
      yield* parts
    }
  }

  #copy(page: number): Uint8Array[] {
    return stretches(this.#nodes, this.#end, page).map(stretch => stretch.slice())
  }
}

/** Fills the arrays of nodes with what `Frozen.parts` gave. */
export function fill(nodes: Nodes, read: (target: Uint8Array) => void): void {
  for (let page = 0; page * PAGE_ITEMS < nodes.end; page++) stretches(nodes, nodes.end, page).forEach(read)
}

function stretches({ arrays }: Nodes, end: number, page: number): Uint8Array[] {
  const from = page * PAGE_ITEMS
  const to = Math.min(end, from + PAGE_ITEMS)
  return arrays.map(({ bytes, itemBytes }) => bytes.subarray(from * itemBytes, to * itemBytes))
}
