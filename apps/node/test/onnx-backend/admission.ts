import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DEFAULT_POLICY } from '@neurovoyance/onnx'
import { checkBundle } from '@neurovoyance/onnx/node'
import { errorCode } from '@neurovoyance/protocol'
import type { Hive } from '@neurovoyance/testing/hive'
import { folder } from '../hive/fixture.js'

/** Models by what a node does with them. */
export interface Admission {
  /** Files that every node takes. */
  readonly taken: readonly string[]
  /** Files that no node takes, and why. */
  readonly refused: ReadonlyMap<string, Refusal>
}

/** Why a node does not take a model. */
export interface Refusal {
  readonly code: string
  /** What it is about: a type, a version. */
  readonly why: string
}

/** Sorts models by the check that nodes make, so that one that is refused does not take its whole bundle with it. */
export async function admission(models: Iterable<string>): Promise<Admission> {
  const taken: string[] = []
  const refused = new Map<string, Refusal>()
  for (const model of new Set(models)) {
    try {
      await checkBundle(model)
      taken.push(model)
    } catch (error) {
      refused.set(model, refusal(error))
    }
  }
  return { taken, refused }
}

/** What a refusal says, without the model's own names. */
export function refusal(error: unknown): Refusal {
  const { details } = error as { details: Readonly<Record<string, unknown>> }
  return {
    code: errorCode(error) ?? 'no code',
    why: String(details.type ?? details.operator ?? details.version ?? ''),
  }
}

/** A model as clients name it, and the bundle that it is part of. */
export interface HostedFile {
  readonly bundle: string
  readonly reference: string
}

/** Adds models to a hive in bundles as full as the policy allows, the nodes taking turns. */
export async function host(hive: Hive, models: readonly string[]): Promise<ReadonlyMap<string, HostedFile>> {
  const hosted = new Map<string, HostedFile>()
  const queues = hive.nodes.map(() => [] as (readonly string[])[])
  for (let start = 0; start < models.length; start += DEFAULT_POLICY.maxModels) {
    queues[(start / DEFAULT_POLICY.maxModels) % queues.length]!.push(
      models.slice(start, start + DEFAULT_POLICY.maxModels),
    )
  }
  const addAll = async (bundles: readonly (readonly string[])[], index: number) => {
    for (const files of bundles) {
      const { model: bundle } = await hive.addModel(await bundleOf(files), { node: hive.nodes[index]! })
      for (const file of files) hosted.set(file, { bundle, reference: `${bundle}/${basename(file)}` })
    }
  }
  await Promise.all(queues.map(addAll))
  return hosted
}

async function bundleOf(files: readonly string[]): Promise<string> {
  const dir = join(await folder('bundle'), 'backend-tests')
  await mkdir(dir)
  for (const file of files) await copyFile(file, join(dir, basename(file)))
  return dir
}
