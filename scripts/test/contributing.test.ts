import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../launch/workspace.mjs'
import { layers } from '../suite/layers.mjs'

const guide = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')
const [, places] = /^## Where things are\n+```\n(.*?)^```/ms.exec(guide) ?? []

it('CONTRIBUTING.md lists every package and program, with its level', () => {
  const listed = (places ?? '')
    .split('\n')
    .filter(line => /^(packages|apps)\//.test(line))
    .map(line => line.replace(/^(\S+).*\s(\S+)$/, '$1 $2'))
  const folders = ['packages', 'apps'].flatMap(folder =>
    readdirSync(path.join(root, folder)).map(name => `${folder}/${name}`),
  )
  const levels = new Map(Object.entries(layers).map(([name, { level }]) => [name, `L${level}`]))
  levels.set('packages/testing', 'dev')
  expect(listed.sort()).toEqual(folders.map(name => `${name} ${levels.get(name)}`).sort())
})
