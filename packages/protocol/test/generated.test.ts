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
  const numbers = readSchemas()
    .flatMap(file => file.messages)
    .filter(message => ['InferRequest', 'InferResponse', 'Price'].includes(message.name))
    .flatMap(message => message.fields.map(field => field.number))
  expect(numbers.length).toBeGreaterThan(5)
  expect(numbers.filter(number => number >= 16 && number <= 31)).toEqual([])
})
