// @ts-check
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Signals that end the command: they reach the child once each, and the launcher waits for it. */
export const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** npm forwards a signal that the whole process group got already; what comes this close together is one. */
const signalBurstMs = 500

/** A child that is told to end and does not within this time is killed. */
const graceMs = 30_000

const parentPollMs = 500

/** Who started the launcher. */
const parent = process.ppid

/**
 * @typedef {object} ChildInit
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {import('node:child_process').StdioOptions} [stdio]  inherited when left out
 * @property {number} [burstMs]  signals this close together count as one; half a second when left out
 * @property {(tail: string) => void} [onOutput]  chunks of piped output
 */

/**
 * Runs a program to its end, in the same process group, and passes on signals and the exit code
 * (128 + the signal's number where a signal ended it).
 *
 * @param {string} file
 * @param {string[]} args
 * @param {ChildInit} [init]
 * @returns {Promise<number>}
 */
export function runChild(
  file,
  args,
  { cwd, env = process.env, stdio = 'inherit', burstMs = signalBurstMs, onOutput } = {},
) {
  const child = spawn(file, args, { cwd, env, stdio })
  child.stdout?.on('data', chunk => onOutput?.(String(chunk)))
  child.stderr?.on('data', chunk => onOutput?.(String(chunk)))
  const release = passSignals(child, burstMs)
  return new Promise((resolve, reject) => {
    child.once('error', error => {
      release()
      reject(error)
    })
    child.once('close', (code, signal) => {
      release()
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} burstMs
 * @returns {() => void} stops passing signals on
 */
function passSignals(child, burstMs) {
  /** @type {NodeJS.Timeout | undefined} */
  let kill
  let lastMs = Number.NEGATIVE_INFINITY

  /** @param {NodeJS.Signals} signal */
  const pass = signal => {
    const nowMs = performance.now()
    const isEcho = nowMs - lastMs < burstMs
    lastMs = nowMs
    if (isEcho) return
    // A terminal gives Ctrl-C to the whole group, the child included.
    if (signal !== 'SIGINT' || !isInTerminal()) child.kill(signal)
    kill ??= setTimeout(() => child.kill('SIGKILL'), graceMs)
  }
  for (const signal of forwarded) process.on(signal, pass)
  const stopWatching = watchParent(() => pass('SIGHUP'))
  return () => {
    for (const signal of forwarded) process.off(signal, pass)
    stopWatching()
    clearTimeout(kill)
  }
}

function isInTerminal() {
  return Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)
}

/** Whether npm, which started this, is gone. A launcher that a shell started itself may outlive it (`nohup`). */
export function isOrphaned() {
  return process.env.npm_lifecycle_event !== undefined && process.ppid !== parent
}

/**
 * Tells when npm was killed without a chance to pass that on.
 *
 * @param {() => void} onGone
 * @returns {() => void}
 */
function watchParent(onGone) {
  const timer = setInterval(() => {
    if (!isOrphaned()) return
    clearInterval(timer)
    onGone()
  }, parentPollMs)
  timer.unref()
  return () => clearInterval(timer)
}
