import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** This package's folder, wherever the bundler put this file in it. */
const folder = dirname(createRequire(import.meta.url).resolve('@neurovoyance/node/package.json'))

/** This package's version. */
export const VERSION = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string })
  .version

/** The program `nv`. */
export const NV_PROGRAM = join(folder, 'bin', 'nv.js')
