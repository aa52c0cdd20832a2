/** Where things are in the database: one ordered space of text keys, a letter for each kind. */
export const KEYS = {
  /** Height and root of the state. */
  state: 'm/state',
  /** What the engine keeps beside the state. */
  record: (name: string): string => `n/${name}`,
  value: (key: string): string => `s/${key}`,
  undo: (height: number): string => `u/${heightText(height)}`,
  block: (height: number): string => `b/${heightText(height)}`,
  commit: (height: number): string => `c/${heightText(height)}`,
  results: (height: number): string => `r/${heightText(height)}`,
  /** What shows a block to who knows its validators: small, where the block may be large. */
  light: (height: number): string => `l/${heightText(height)}`,
  /** What the index has of a block, so that pruning can take it away. */
  indexed: (height: number): string => `x/${heightText(height)}`,
  blockId: (id: string): string => `i/${id}`,
  transaction: (id: string): string => `t/${id}`,
  account: (account: string, height: number, index: number): string =>
    `a/${account}/${heightText(height)}/${index.toString(16).padStart(6, '0')}`,
} as const

/** All keys that begin with `prefix`, which ends in a slash. */
export function under(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix.slice(0, -1)}0` }
}

/** Keys of `prefix` by height: from `from`, below `to`. */
export function heights(prefix: string, from: number, to: number): { gte: string; lt: string } {
  return { gte: prefix + heightText(from), lt: prefix + heightText(to) }
}

/** Twelve hexadecimal digits: heights sort as numbers do. */
function heightText(height: number): string {
  return height.toString(16).padStart(12, '0')
}

export const heightIn = (key: string, at = 2): number => Number.parseInt(key.slice(at, at + 12), 16)
