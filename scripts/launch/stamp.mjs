// @ts-check
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * One hash of the contents of `files`; a file that is missing counts as such.
 *
 * @param {string} from  the folder that `files` are relative to
 * @param {string[]} files
 */
export function contentStamp(from, files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readOrMissing(path.join(from, file)))
      .update('\0')
  return hash.digest('hex')
}

/**
 * One hash of the names, sizes and times of `files`: a fraction of the cost of reading them.
 *
 * @param {string} from
 * @param {string[]} files
 */
export function statStamp(from, files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = statSync(path.join(from, file))
    hash.update(`${file}\0${size}\0${mtimeMs}\0`)
  }
  return hash.digest('hex')
}

/**
 * @param {string} file
 * @returns {string | undefined} what `writeStamp` wrote
 */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} file
 * @param {string} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, stamp)
}

/** @param {string} file */
function readOrMissing(file) {
  try {
    return readFileSync(file)
  } catch {
    return '(missing)'
  }
}
