import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documentSchemas, protocolPage } from './document.ts'
import { emitModules } from './emit.ts'
import { readSchemas } from './schema.ts'

// Writes src/generated and the tables of docs/protocol.md from proto/: `pnpm generate`. Tests fail while they disagree.
const generatedDir = fileURLToPath(new URL('../src/generated/', import.meta.url))
const schemas = readSchemas()
const modules = emitModules(schemas)

mkdirSync(generatedDir, { recursive: true })
for (const name of readdirSync(generatedDir)) if (!modules.has(name)) rmSync(join(generatedDir, name))
for (const [name, source] of modules) writeFileSync(join(generatedDir, name), source)
writeFileSync(protocolPage, documentSchemas(readFileSync(protocolPage, 'utf8'), schemas))
console.log(`wrote ${modules.size} modules to src/generated, and the tables of docs/protocol.md`)
