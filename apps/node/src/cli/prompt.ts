import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { NodeError } from '../errors.js'

/** Whether a person can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks for a line that is not shown while it is typed; the question is on standard error. */
export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await reader.question('', { signal })
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}

/**
 * Asks whether to go on.
 *
 * @throws NodeError `NODE_USAGE` where nobody can be asked and `--yes` was not given, or the answer is no
 */
export async function confirm(question: string, yes: boolean, signal: AbortSignal): Promise<void> {
  if (yes) return
  if (!canAsk()) throw new NodeError('NODE_USAGE', `${question} Nobody can be asked here: give --yes.`)
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal })
    if (!/^y(es)?$/i.test(answer.trim())) throw new NodeError('NODE_USAGE', 'Nothing was done.')
  } finally {
    reader.close()
  }
}
