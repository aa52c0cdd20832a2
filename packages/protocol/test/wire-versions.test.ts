import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DOMAINS, openEnvelope } from '../src/index.js'
import { plain, readSample, type WireSample, wireSamples, writeSample } from './wire-samples.js'

// What every version so far sent is kept in fixtures/; this one has to read it, and to write it the same.
const folder = new URL('fixtures/', import.meta.url)
const versions = readdirSync(folder).filter(name => /^wire-.*\.json$/.test(name))
const samplesOf = (file: string): WireSample[] => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

describe.each(versions)('%s', file => {
  const samples = samplesOf(file).map(({ name, hex, value }, index) => ({
    id: `${name} ${index}`,
    name,
    hex,
    value,
  }))

  it.each(samples)('$id is read as it was meant', ({ name, hex, value }) => {
    expect(plain(readSample(name, hex))).toMatchObject(value as object)
  })

  const written = samples.filter(({ name }) => !name.startsWith('envelope/'))
  it.each(written)('$id is written as it was', ({ name, hex }) => {
    expect(writeSample(name, readSample(name, hex))).toBe(hex)
  })

  const sealed = samples.filter(({ name }) => name.startsWith('envelope/'))
  it.each(sealed)('$id still verifies', async ({ name, hex }) => {
    const domain = DOMAINS[name.split('/')[1] as keyof typeof DOMAINS]
    const { payload } = await openEnvelope(new Uint8Array(Buffer.from(hex, 'hex')), { domain })
    expect(payload).toEqual(Uint8Array.of(1, 2, 3))
  })
})

it('everything that travels is in the fixtures of some version', async () => {
  const kept = new Set(versions.flatMap(samplesOf).map(({ name }) => name))
  const sent = (await wireSamples()).map(({ name }) => name)
  expect(sent.filter(name => !kept.has(name))).toEqual([])
})
