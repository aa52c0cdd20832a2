import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NeurovoyanceError } from '@neurovoyance/protocol'
import { type AddedModel, addModel } from './add-model.js'
import { type NodeProcess, startNode } from './process.js'

/** What a hive is made from. */
export interface HiveInit {
  /** Path of the `nv` program: `node_modules/@neurovoyance/node/bin/nv.js`. */
  nv: string
  /** User nodes beside the bootstrap. Default 3. */
  nodes?: number
  /** Arguments for every node beside `--loopback`. */
  args?: readonly string[]
  /** Added to the environment of every node. */
  env?: Readonly<Record<string, string>>
}

/** A real hive on loopback: one bootstrap and some user nodes, each a process with a home of its own. */
export interface Hive extends AsyncDisposable {
  /** Folder of the homes; removed by `stop`. */
  readonly folder: string
  /** Multiaddrs of the bootstrap. */
  readonly bootstrap: readonly string[]
  readonly bootstrapNode: NodeProcess
  /** The user nodes. */
  readonly nodes: readonly NodeProcess[]
  /** Starts one more user node; an earlier node's name starts that node again from its home. */
  join(name: string): Promise<NodeProcess>
  /** Adds a model (a folder or .onnx file) to a node, the first when left out. */
  addModel(path: string, options?: { name?: string; node?: NodeProcess }): Promise<AddedModel>
  /** Ends every process and removes the homes. */
  stop(): Promise<void>
}

/**
 * Starts a hive and waits until every node is up.
 *
 * ```ts
 * await using hive = await startHive({ nv })
 * const { model } = await hive.addModel('./my-model')
 * ```
 *
 * @throws NeurovoyanceError `TESTING_NODE_FAILED` with the end of the log of the node that failed
 */
export async function startHive({ nv, nodes: count = 3, args = [], env = {} }: HiveInit): Promise<Hive> {
  const folder = await mkdtemp(join(tmpdir(), 'hive-'))
  const launches: Promise<NodeProcess>[] = []
  const nodes: NodeProcess[] = []
  let stopped = false
  const launch = (name: string, command: 'start' | 'bootstrap', bootstrap: readonly string[]) => {
    if (stopped) {
      throw new NeurovoyanceError('TESTING_HIVE_STOPPED', `The hive has been stopped: ${name} cannot join it`)
    }
    const home = join(folder, name)
    const launched = startNode({ nv, command, home, bootstrap, args: ['--loopback', ...args], env })
    launches.push(launched)
    return launched
  }
  const stop = async () => {
    stopped = true
    // one that is just starting would be left behind, and write to its home while that is removed
    await Promise.all(launches.map(launched => launched.then(node => node.stop(), ignoreFailedStart)))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const bootstrapNode = await launch('bootstrap', 'bootstrap', [])
    const bootstrap = bootstrapNode.addresses
    const join = async (name: string) => {
      const node = await launch(name, 'start', bootstrap)
      nodes.push(node)
      return node
    }
    const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`)
    nodes.push(...(await Promise.all(names.map(name => launch(name, 'start', bootstrap)))))
    return {
      folder,
      bootstrap,
      bootstrapNode,
      nodes,
      join,
      addModel: (path, { name, node = nodes[0]! } = {}) =>
        addModel(node, { kind: 'path', path, ...(name !== undefined && { name }) }),
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Whoever started it has got the error. */
function ignoreFailedStart(): void {}
