import { copyFile, mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DEFAULT_POLICY } from '@neurovoyance/onnx'
import { checkBundle } from '@neurovoyance/onnx/node'
import { errorCode } from '@neurovoyance/protocol'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { folder } from '../hive/fixture.js'

/** Models by what a node does with them. */
export interface Admission {
  /** Files that every node takes. */
  readonly taken: readonly string[]
  /** Files that no node takes, and why: a code, and what it is about. */
  readonly refused: ReadonlyMap<string, string>
}

/** Sorts models by the check that nodes make, so that one that is refused does not take its whole bundle with it. */
export async function admission(models: Iterable<string>): Promise<Admission> {
  const taken: string[] = []
  const refused = new Map<string, string>()
  for (const model of new Set(models)) {
    const why = await checkBundle(model).then(() => undefined, refusal)
    if (why === undefined) taken.push(model)
    else refused.set(model, why)
  }
  return { taken, refused }
}

/** What an error says about a model, without the model's own names: so that equal reasons are equal. */
export function refusal(error: unknown): string {
  const { details, message } = error as { details?: Readonly<Record<string, unknown>>; message: string }
  const version = /(IR version|version of \S+) \d+/.exec(message)?.[0]
  return `${errorCode(error)} ${version ?? details?.type ?? details?.operator ?? message}`
}

/**
 * Adds models to a hive in bundles as full as the policy allows, the nodes taking turns.
 *
 * @returns for each model its bundle's CID
 */
export async function hostInBundles(
  hive: Hive,
  models: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const root = await folder('backend-tests')
  const hosted = new Map<string, string>()
  const bundles = inBundles(models).values()
  const fill = async (node: NodeProcess) => {
    for (const files of bundles) {
      const { model } = await hive.addModel(await copyToFolder(root, files), { node })
      for (const file of files) hosted.set(file, model)
    }
  }
  await Promise.all(hive.nodes.map(fill))
  await rm(root, { recursive: true })
  return hosted
}

/** How a client names a model of a bundle. */
export const reference = (bundle: string, model: string): string => `${bundle}/${basename(model)}`

function inBundles(models: readonly string[]): (readonly string[])[] {
  const { maxModels } = DEFAULT_POLICY
  const count = Math.ceil(models.length / maxModels)
  return Array.from({ length: count }, (_, index) => models.slice(index * maxModels, (index + 1) * maxModels))
}

async function copyToFolder(root: string, files: readonly string[]): Promise<string> {
  const dir = join(root, basename(files[0]!, '.onnx'))
  await mkdir(dir)
  for (const file of files) await copyFile(file, join(dir, basename(file)))
  return dir
}
