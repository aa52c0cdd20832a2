import { runSync } from './run.js'

/** Why this machine cannot make a NAT rig, or `undefined` where it can. */
export function natRigUnavailable(): string | undefined {
  if (process.platform !== 'linux') return `needs Linux network namespaces, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'needs root to make network namespaces'
  if (runSync('ip', '-V') === '') return 'needs the ip command (iproute2)'
  if (runSync('nft', '--version') === '') return 'needs the nft command (nftables)'
  const probe = `nv-${process.pid}-probe`
  runSync('ip', 'netns', 'add', probe)
  try {
    const listed = runSync('ip', 'netns', 'exec', probe, 'nft', 'add table ip probe; list tables')
    return listed.includes('probe')
      ? undefined
      : 'the kernel does not allow network namespaces with nftables here'
  } finally {
    runSync('ip', 'netns', 'delete', probe)
  }
}
