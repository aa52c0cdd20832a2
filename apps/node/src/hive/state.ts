import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { z } from 'zod'
import { readState } from '../files/json-state.js'

const hiveSchema = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      role: z.enum(['peer', 'bootstrap']),
      home: z.string(),
      pid: z.int().positive(),
      /** When the process began, which tells it from a later one with its id; empty where that is not known. */
      birth: z.string().default(''),
    }),
  ),
})

/** The processes of a local hive. */
export type HiveState = z.output<typeof hiveSchema>

const fileOf = (folder: string) => join(folder, 'hive.json')

/** The hive that was started in a folder; `undefined` where none was. */
export function readHive(folder: string): Promise<HiveState | undefined> {
  return readState(fileOf(folder), hiveSchema)
}

/** Remembers a hive's processes. */
export async function writeHive(folder: string, state: HiveState): Promise<void> {
  await writeFileAtomic(fileOf(folder), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
}

/** Forgets a hive's processes. */
export async function forgetHive(folder: string): Promise<void> {
  await rm(fileOf(folder), { force: true })
}
