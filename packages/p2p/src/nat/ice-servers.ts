import type { Multiaddr } from '@multiformats/multiaddr'

/**
 * The STUN servers of bootstrap nodes, by convention: a bootstrap node answers STUN on the UDP port of the same
 * number as each of its TCP and WebSocket ports.
 *
 * @param extra - further `stun:` URLs
 */
export function iceServers(bootstrap: readonly Multiaddr[], extra: readonly string[] = []): RTCIceServer[] {
  const urls = new Set(extra)
  for (const address of bootstrap) {
    const url = stunUrl(address)
    if (url !== undefined) urls.add(url)
  }
  return [...urls].map(url => ({ urls: [url] }))
}

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6'])

function stunUrl(address: Multiaddr): string | undefined {
  const [host, port] = address.getComponents()
  if (host?.value === undefined || !HOSTS.has(host.name) || port?.name !== 'tcp') return undefined
  return `stun:${host.name === 'ip6' ? `[${host.value}]` : host.value}:${port.value}`
}
