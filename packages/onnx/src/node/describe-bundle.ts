import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BundleManifest, encodeManifest, MANIFEST_FILE } from '../bundle/manifest.js'
import { MANIFEST_FORMAT } from '../bundle/manifest-schema.js'
import type { ModelPolicy } from '../check/policy.js'
import { modelId } from '../identity/model-id.js'
import { openBundle } from './bundle.js'
import { checkBundle } from './check-bundle.js'
import { sha256 } from './sha256.js'

/** Options of {@link describeBundle}. */
export interface DescribeBundleInit {
  /** Name for people. Default: the folder's or file's. */
  readonly name?: string
  /** What the bundle must keep to. Default: `DEFAULT_POLICY`. */
  readonly policy?: Partial<ModelPolicy>
  /** Told of weights hashed for the canonical ids. Default: nobody. */
  readonly onProgress?: (progress: { model: string; doneBytes: number; totalBytes: number }) => void
  /** Stops the hashing. Default: nothing does. */
  readonly signal?: AbortSignal
}

/**
 * Checks a bundle and writes down what it holds, canonical ids included: reads every weight once.
 *
 * @throws OnnxError as {@link checkBundle} does
 */
export async function describeBundle(path: string, init: DescribeBundleInit = {}): Promise<BundleManifest> {
  const report = await checkBundle(path, init.policy)
  await using bundle = await openBundle(path, init.policy)
  const models: BundleManifest['models'][number][] = []
  for (const { name, path: modelPath, inputs, outputs, externalData } of report.models) {
    const id = await modelId(await bundle.openModel(name), {
      sha256,
      ...(init.signal && { signal: init.signal }),
      onProgress: progress => init.onProgress?.({ model: name, ...progress }),
    })
    models.push({ name, path: modelPath, id, inputs, outputs, externalData })
  }
  return { format: MANIFEST_FORMAT, name: init.name ?? report.name, default: report.default, models }
}

/** Writes `neurovoyance.json` into a bundle's folder, whole or not at all. */
export async function writeManifest(dir: string, manifest: BundleManifest): Promise<void> {
  const draft = join(dir, `.${MANIFEST_FILE}.draft`)
  await writeFile(draft, encodeManifest(manifest))
  await rename(draft, join(dir, MANIFEST_FILE))
}
