import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { emitModules } from '../codegen/emit.ts'
import { readSchemas } from '../codegen/schema.ts'

const generatedDir = fileURLToPath(new URL('../src/generated/', import.meta.url))

it('the generated code is what the schemas say: run `pnpm generate` where this fails', () => {
  const modules = emitModules(readSchemas())
  expect(readdirSync(generatedDir).sort()).toEqual([...modules.keys()].sort())
  for (const [name, source] of modules) expect(readFileSync(generatedDir + name, 'utf8')).toBe(source)
})

it('keeps field numbers 16 to 31 of runs and prices for payment', () => {
  const numbered = readSchemas()
    .flatMap(file => file.messages)
    .filter(message => ['InferRequest', 'InferResponse', 'Price'].includes(message.name))
    .flatMap(({ name, fields }) =>
      fields.map(field => ({ number: field.number, name: `${name}.${field.name}` })),
    )
  expect(numbered.length).toBeGreaterThan(5)
  const kept = numbered.filter(({ number }) => number >= 16 && number <= 31)
  expect(kept.map(({ name }) => name).sort()).toEqual([
    'InferRequest.payment',
    'InferResponse.charge',
    'Price.nvy',
  ])
})
