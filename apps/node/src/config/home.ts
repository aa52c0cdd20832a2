import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where things are in a node's home folder. */
export interface Home {
  readonly path: string
  readonly config: string
  /** Address and token of the running node's gateway; mode 0600. */
  readonly gateway: string
  /** Held by the one process that uses this home. */
  readonly lock: string
  readonly artifacts: string
  readonly models: string
  /** What this machine can do, as it was last measured. */
  readonly capability: string
  readonly hive: string
  /** The chain that this node keeps: state, blocks, consensus log, signer. */
  readonly chain: string
  /** A copy of the genesis of that chain. */
  readonly genesis: string
  /** The key that it votes with; mode 0600. */
  readonly validatorKey: string
  /** Keystores; each mode 0600. */
  readonly wallets: string
}

/** The home folder: `path`, else `NEUROVOYANCE_HOME`, else `~/.neurovoyance`. */
export function resolveHome(path?: string): Home {
  const home = resolve(path ?? process.env.NEUROVOYANCE_HOME ?? join(homedir(), '.neurovoyance'))
  return {
    path: home,
    config: join(home, 'config.jsonc'),
    gateway: join(home, 'gateway.json'),
    lock: join(home, 'node.lock'),
    artifacts: join(home, 'artifacts'),
    models: join(home, 'models.json'),
    capability: join(home, 'capability.json'),
    hive: join(home, 'hive'),
    chain: join(home, 'chain'),
    genesis: join(home, 'chain', 'genesis.json'),
    validatorKey: join(home, 'chain', 'validator.key'),
    wallets: join(home, 'wallets'),
  }
}
