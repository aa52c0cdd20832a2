import { stat } from 'node:fs/promises'
import { isMissing } from '../files/is-missing.js'

/** Whether there is a file. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
