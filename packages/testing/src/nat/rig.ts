import {
  addNamespace,
  type Namespace,
  namespace,
  namespaceName,
  removeAbandonedNamespaces,
  removeNamespace,
} from './namespace.js'
import { run } from './run.js'

/** Two machines behind two NATs, and one in the open. */
export interface NatRig {
  /** On the rig's internet, with a public address: the place of a bootstrap node. */
  readonly outside: Namespace
  /** Behind the first NAT. */
  readonly left: Namespace
  /** Behind the second NAT. */
  readonly right: Namespace
  /** Kills every process on the rig's machines and removes them. Runs by itself when the process ends. */
  close(): void
}

// The rig's internet is cut off from the real one, so any public range will do; ranges kept for documentation
// would not, because software knows them as private.
const OUTSIDE_ADDRESS = '11.0.0.10'
const INTERNET_PREFIX_BITS = 16
const LAN_PREFIX_BITS = 24

let rigs = 0

/**
 * Makes the rig with network namespaces, veth pairs and nftables' masquerade: what leaves a NAT carries the NAT's
 * address, and nothing comes in that was not asked for from inside.
 *
 * Check `natRigUnavailable()` first.
 */
export async function createNatRig(): Promise<NatRig> {
  removeAbandonedNamespaces()
  const id = String(rigs++)
  const made: string[] = []
  const add = async (machine: string): Promise<string> => {
    const name = namespaceName(id, machine)
    made.push(name)
    await addNamespace(name)
    return name
  }
  const close = (): void => {
    process.off('exit', close)
    for (const name of made.splice(0)) removeNamespace(name)
  }
  process.on('exit', close)

  try {
    const internet = await add('internet')
    await run('ip', '-n', internet, 'link', 'add', 'br0', 'type', 'bridge')
    await run('ip', '-n', internet, 'link', 'set', 'br0', 'up')

    const outside = await add('outside')
    await plug(internet, outside, OUTSIDE_ADDRESS)
    const left = await addLan(internet, add, {
      side: 'left',
      publicAddress: '11.0.1.1',
      network: '192.168.11',
    })
    const right = await addLan(internet, add, {
      side: 'right',
      publicAddress: '11.0.2.1',
      network: '192.168.22',
    })
    return { outside: namespace(outside, OUTSIDE_ADDRESS), left, right, close }
  } catch (error) {
    close()
    throw error
  }
}

interface LanInit {
  side: 'left' | 'right'
  publicAddress: string
  network: string
}

/** A router with a NAT, and one machine behind it. */
async function addLan(
  internet: string,
  add: (machine: string) => Promise<string>,
  { side, publicAddress, network }: LanInit,
): Promise<Namespace> {
  const router = await add(`${side}-nat`)
  const machine = await add(side)
  await plug(internet, router, publicAddress)
  await cable({ name: router, device: 'lan' }, { name: machine, device: 'eth0' })
  await setAddress(router, 'lan', `${network}.1/${LAN_PREFIX_BITS}`)
  await setAddress(machine, 'eth0', `${network}.2/${LAN_PREFIX_BITS}`)
  await run('ip', '-n', machine, 'route', 'add', 'default', 'via', `${network}.1`)
  await run('ip', 'netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
  await run('ip', 'netns', 'exec', router, 'nft', NAT_RULES)
  return namespace(machine, `${network}.2`)
}

const NAT_RULES = `
add table ip nat
add chain ip nat postrouting { type nat hook postrouting priority srcnat ; }
add rule ip nat postrouting oifname "eth0" masquerade
add table ip filter
add chain ip filter forward { type filter hook forward priority filter ; policy drop ; }
add rule ip filter forward iifname "lan" accept
add rule ip filter forward ct state established,related accept
add chain ip filter input { type filter hook input priority filter ; policy drop ; }
add rule ip filter input iifname { "lo", "lan" } accept
add rule ip filter input ct state established,related accept
`

/** Connects a machine's `eth0` to the rig's internet. */
async function plug(internet: string, machine: string, address: string): Promise<void> {
  const port = `p${address.replaceAll('.', '')}`
  await cable({ name: internet, device: port }, { name: machine, device: 'eth0' })
  await run('ip', '-n', internet, 'link', 'set', port, 'master', 'br0')
  await setAddress(machine, 'eth0', `${address}/${INTERNET_PREFIX_BITS}`)
}

interface CableEnd {
  name: string
  device: string
}

async function cable(a: CableEnd, b: CableEnd): Promise<void> {
  const peer = ['peer', 'name', b.device, 'netns', b.name]
  await run('ip', '-n', a.name, 'link', 'add', a.device, 'type', 'veth', ...peer)
  await run('ip', '-n', a.name, 'link', 'set', a.device, 'up')
  await run('ip', '-n', b.name, 'link', 'set', b.device, 'up')
}

async function setAddress(machine: string, device: string, address: string): Promise<void> {
  await run('ip', '-n', machine, 'address', 'add', address, 'dev', device)
}
