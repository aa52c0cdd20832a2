// @ts-check

/**
 * Tells the person what set-up does. Standard output belongs to the command that follows.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Set-up that could not be done; the message says what to do and is all that is shown. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
