import { configDefaults, defineConfig } from 'vitest/config'
import base from '../../vitest.base.ts'

const { include = [], reporters = [], ...shared } = base.test ?? {}

/** Hives that fill the machine, or that others' work would push over a limit that they test. */
const ALONE = ['test/hive/{many-nodes,hostile-peer,isolation}.test.ts', 'test/chain/kills.test.ts']

/** Most tests here wait for other processes, two files at a time; a few want the machine for themselves. */
export default defineConfig({
  test: {
    reporters,
    projects: [
      { test: { ...shared, name: 'together', include, exclude: [...configDefaults.exclude, ...ALONE] } },
      { test: { ...shared, name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
})
