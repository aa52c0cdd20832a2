const text = new TextEncoder()

/** What is signed or hashed begins with what it is, so that nothing passes for something else. */
export const domain = (name: string): Uint8Array => text.encode(`${name}\0`)

/** The prefixes of this chain: a node signs and checks for one chain, under a few names. */
const prefixes = new Map<string, { chainId: string; prefix: Uint8Array }>()

/** `neurovoyance/tx/1`, a zero byte, the length of the chain's id in one byte, and the id; nobody writes to it. */
export function signingPrefix(name: string, chainId: string): Uint8Array {
  const known = prefixes.get(name)
  if (known?.chainId === chainId) return known.prefix
  const prefix = prefixOf(name, chainId)
  prefixes.set(name, { chainId, prefix })
  return prefix
}

function prefixOf(name: string, chainId: string): Uint8Array {
  const start = domain(name)
  const id = text.encode(chainId)
  const prefix = new Uint8Array(start.length + 1 + id.length)
  prefix.set(start)
  prefix[start.length] = id.length
  prefix.set(id, start.length + 1)
  return prefix
}
