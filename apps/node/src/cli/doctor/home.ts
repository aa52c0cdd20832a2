import { randomBytes } from 'node:crypto'
import { rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasConfig, readConfig } from '../../config/file.js'
import type { Home } from '../../config/home.js'
import { makeFolder } from '../../config/make-folder.js'
import type { Config } from '../../config/schema.js'
import { isMissing } from '../../files/is-missing.js'
import { formatBytes } from '../format.js'
import { type Finding, fine } from './finding.js'

const LEAST_FREE_BYTES = 2 * 1024 ** 3

/** Whether the settings are valid; they come along where they are. */
export async function checkConfig(home: Home): Promise<{ finding: Finding; config?: Config }> {
  try {
    const config = await readConfig(home.config)
    const found = (await hasConfig(home.config)) ? home.config : `no ${home.config}: the defaults hold`
    return { finding: fine('config', found), config }
  } catch (error) {
    const found = (error as Error).message
    return { finding: { check: 'config', verdict: 'fail', found, advice: `Correct ${home.config}.` } }
  }
}

/** Whether the home folder can be written. */
export async function checkHome(home: Home): Promise<Finding> {
  const probe = join(home.path, `.probe-${randomBytes(4).toString('hex')}`)
  try {
    await makeFolder(home.path)
    await writeFile(probe, '')
    await rm(probe)
    return fine('home', `${home.path} can be written`)
  } catch (error) {
    const advice = 'Give this user the folder, or choose another with --home.'
    return { check: 'home', verdict: 'fail', found: (error as Error).message, advice }
  }
}

/** Whether the identity key is its owner's alone. */
export async function checkKey(home: Home): Promise<Finding> {
  const path = join(home.path, 'identity.key')
  try {
    const { mode } = await stat(path)
    if (process.platform === 'win32' || (mode & 0o077) === 0) return fine('identity', `${path} is private`)
    const found = `${path} can be read by others`
    return { check: 'identity', verdict: 'fail', found, advice: `chmod 600 ${path}` }
  } catch (error) {
    if (isMissing(error)) return fine('identity', 'none yet; made on the first start')
    return { check: 'identity', verdict: 'fail', found: (error as Error).message }
  }
}

/** Whether there is room for models. */
export async function checkDisk(home: Home): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(home.path)
    const found = `${formatBytes(bavail * bsize)} free`
    if (bavail * bsize >= LEAST_FREE_BYTES) return fine('disk', found)
    const advice = 'Models need room: free some, or move the home with --home.'
    return { check: 'disk', verdict: 'warn', found, advice }
  } catch (error) {
    return { check: 'disk', verdict: 'fail', found: (error as Error).message }
  }
}
