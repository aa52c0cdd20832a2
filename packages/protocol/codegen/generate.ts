import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emitModules } from './emit.ts'
import { readSchemas } from './schema.ts'

// Writes src/generated from proto/: `pnpm generate`. A test fails while the two disagree.
const generatedDir = fileURLToPath(new URL('../src/generated/', import.meta.url))
const modules = emitModules(readSchemas())

mkdirSync(generatedDir, { recursive: true })
for (const name of readdirSync(generatedDir)) if (!modules.has(name)) rmSync(join(generatedDir, name))
for (const [name, source] of modules) writeFileSync(join(generatedDir, name), source)
console.log(`wrote ${modules.size} modules to src/generated`)
