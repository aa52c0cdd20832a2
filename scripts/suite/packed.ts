import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root } from '../launch/workspace.mjs'
import { exec } from './exec.ts'
import { type Package, publishedPackages } from './packages.ts'

/** A published package as a tarball, or why it could not be packed. */
export interface Packed {
  package: Package
  tarball: string
  failure?: string
}

const folder = path.join(root, 'node_modules', '.cache', 'neurovoyance', 'packs')
let packing: Promise<Packed[]> | undefined

/** Every published package as `pnpm publish` would send it; packed once for all checks. */
export function packAll(): Promise<Packed[]> {
  packing ??= pack()
  return packing
}

async function pack(): Promise<Packed[]> {
  rmSync(folder, { recursive: true, force: true })
  const packed: Packed[] = []
  for (const found of publishedPackages()) {
    const destination = path.join(folder, path.basename(found.dir))
    mkdirSync(destination, { recursive: true })
    const { code, output } = await exec('pnpm', ['pack', '--pack-destination', destination], {
      cwd: path.join(root, found.dir),
    })
    const name = readdirSync(destination).find(file => file.endsWith('.tgz'))
    const tarball = path.join(destination, name ?? '')
    packed.push(
      code === 0 && name !== undefined
        ? { package: found, tarball }
        : { package: found, tarball, failure: output },
    )
  }
  return packed
}
