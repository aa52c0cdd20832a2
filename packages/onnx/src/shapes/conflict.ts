/** Thrown by an operator's rule where shapes contradict each other; the inference notes it and goes on. */
export class ShapeConflict extends Error {
  override name = 'ShapeConflict'
}

/** Throws: these shapes do not go together. */
export function conflict(message: string): never {
  throw new ShapeConflict(message)
}
