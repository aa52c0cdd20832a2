import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { NETWORK_MODULES } from '../../src/index.js'

const page = readFileSync(new URL('../../../../docs/economics.md', import.meta.url), 'utf8')

describe('docs/economics.md', () => {
  it.each([...NETWORK_MODULES])('has the parameters of $name as they are', ({ name, parameters = {} }) => {
    for (const [parameter, { value, least, most, unit, meaning }] of Object.entries(parameters)) {
      expect(page).toContain(
        `| \`${name}/${parameter}\` | ${value} | ${least} – ${most} | ${unit} | ${meaning} |\n`,
      )
    }
  })
})
