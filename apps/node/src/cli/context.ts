import type { Command } from 'commander'
import { type Home, resolveHome } from '../config/home.js'
import { createOutput, type Output } from './output.js'

/** What every command works with. */
export interface CliContext {
  readonly home: Home
  readonly output: Output
  /** Aborts on the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/** The context of one call, from the global options. */
export function contextOf(command: Command, signal: AbortSignal): CliContext {
  const { home, json } = command.optsWithGlobals<{ home?: string; json?: boolean }>()
  return { home: resolveHome(home), output: createOutput(json === true), signal }
}
