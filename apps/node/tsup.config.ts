import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'
import { defineConfig, type Options } from 'tsup'

const shared: Options = { format: 'esm', target: 'es2023' }

/** What carries native code, or finds files beside its own, is installed and not bundled. */
const NOT_BUNDLED = [
  '@chainsafe/libp2p-quic',
  'classic-level',
  'node-datachannel',
  'onnxruntime-node',
  'sharp',
]

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', 'hive/index': 'src/hive/index.ts', fuzzed: 'src/fuzzed.ts' },
    sourcemap: true,
    clean: ['!cli', '!cli/**'],
  },
  // `nv` starts twice as fast from one file as from a thousand.
  {
    ...shared,
    entry: {
      main: 'src/cli/main.ts',
      // The executor starts these by path, as files beside the one that it is in.
      child: 'node_modules/@neurovoyance/runtime/dist/node/child.js',
      watchdog: 'node_modules/@neurovoyance/runtime/dist/node/watchdog.js',
    },
    outDir: 'dist/cli',
    clean: true,
    noExternal: [new RegExp(`^(?!(${NOT_BUNDLED.join('|')})(/|$))`)],
    external: NOT_BUNDLED,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    esbuildPlugins: [licenses('dist/cli/LICENSES.txt')],
    esbuildOptions(options) {
      options.mainFields = ['module', 'main']
      options.logOverride = { 'ignored-bare-import': 'silent' }
    },
  },
])

/** Writes the licenses of the packages that a bundle contains. */
function licenses(path: string): Plugin {
  return {
    name: 'licenses',
    setup(build) {
      build.initialOptions.metafile = true
      build.onEnd(({ metafile }) => {
        const folders = new Set(Object.keys(metafile?.inputs ?? {}).flatMap(packageFolder))
        // this runs before the bundle is written
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(
          path,
          [...folders]
            .sort()
            .map(license)
            .join(`\n${'-'.repeat(80)}\n\n`),
        )
      })
    },
  }
}

/** The folder of the installed package that a file belongs to. */
function packageFolder(file: string): string[] {
  const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? [folder] : []
}

function license(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  const texts = readdirSync(folder).filter(name => /^(licen[cs]e|notice)/i.test(name))
  const words = texts.map(name => readFileSync(join(folder, name), 'utf8').trim())
  return [`${manifest.name} ${manifest.version} (${manifest.license})`, ...words, ''].join('\n\n')
}
