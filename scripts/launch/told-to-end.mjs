// @ts-check
import { constants } from 'node:os'
import { forwarded, isOrphaned } from './child.mjs'

/**
 * Does some work and tells whether the launch was told to end meanwhile. A signal reaches the child of that moment,
 * which may finish all the same; what was to come after it must not start then, least of all under an npm that was
 * killed, where nobody would end it.
 *
 * @param {() => Promise<void>} work
 * @returns {Promise<number | undefined>} the exit code, where the launch is to end
 */
export async function toldToEndDuring(work) {
  /** @type {NodeJS.Signals | undefined} */
  let told
  /** @param {NodeJS.Signals} signal */
  const note = signal => {
    told ??= signal
  }
  for (const signal of forwarded) process.on(signal, note)
  try {
    await work()
  } finally {
    for (const signal of forwarded) process.off(signal, note)
  }
  if (told === undefined && isOrphaned()) told = 'SIGHUP'
  return told === undefined ? undefined : 128 + constants.signals[told]
}
